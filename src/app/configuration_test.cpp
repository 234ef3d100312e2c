#include "app/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "app/surroundings.hpp"
#include "core/reflect.hpp"
#include "files/files.hpp"
#include "runtime/process_runtime.hpp"
#include "settings/in_force.hpp"

namespace temps::app {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// No settings file of this machine is read.
Result<Configuration> load(std::vector<std::string> words) {
  words.insert(words.end(), {"--config", ""});
  return Configuration::load(words);
}

TEST(Configuration, AnHttpsAddressGivesAppsTheirDomainAndTheConsoleItsHost) {
  const files::TemporaryFolder folder;
  auto configuration = load({"serve", "--data-dir", folder.path(), "--public-url",
                             "https://temps.example.org", "--listen", "127.0.0.1:8090"});
  ASSERT_TRUE(configuration.has_value()) << configuration.error().detail();
  auto options = configuration->serve("temps");
  EXPECT_EQ(options.deploys.domain, "temps.example.org");
  EXPECT_EQ(options.deploys.scheme, "https");
  EXPECT_EQ(options.deploys.port, 443);
  EXPECT_EQ(options.local_url, "http://localhost:8090");

  options.database_url = "host=/nonexistent";
  net::Loop loop;
  const Surroundings around(loop, options,
                            std::make_unique<runtime::ProcessRuntime>(
                                loop, runtime::ProcessOptions{.data_folder = folder.path(),
                                                              .shim_program = "/bin/false"}));
  EXPECT_THAT(around.gateway.console_hosts, Contains("temps.example.org"));
}

TEST(Configuration, AppsMayHaveABaseDomainApartFromTheConsole) {
  auto configuration = load({"serve", "--public-url", "https://temps.example.org", "--base-domain",
                             "*.Apps.example.org", "--wildcard-certificate", "always"});
  ASSERT_TRUE(configuration.has_value()) << configuration.error().detail();
  const auto options = configuration->serve("temps");
  EXPECT_EQ(options.deploys.domain, "apps.example.org");
  EXPECT_EQ(options.domains.base_domain, "apps.example.org");
  EXPECT_EQ(options.domains.console, "temps.example.org");
  EXPECT_EQ(options.own_names.console, "temps.example.org");
  EXPECT_EQ(options.own_names.base, "apps.example.org");
  EXPECT_TRUE(options.own_names.is_https);
  EXPECT_EQ(options.own_names.wildcard, certificates::Wildcard::always);
  EXPECT_FALSE(load({"serve", "--base-domain", "apps/x"}).has_value());
  EXPECT_FALSE(load({"serve", "--base-domain", "apps.example.org:80"}).has_value());
}

TEST(Configuration, TheBuildCacheIsServesAndInBytesThere) {
  auto configuration = load({"serve", "--build-cache-mb-max", "512"});
  ASSERT_TRUE(configuration.has_value()) << configuration.error().detail();
  EXPECT_EQ(configuration->serve("temps").build_cache_bytes_max, 512ULL << 20U);
  EXPECT_FALSE(load({"proxy", "--build-cache-mb-max", "512"}).has_value());
}

TEST(Configuration, TheProxyIsNotToldOfSecrets) {
  auto configuration = load({"up", "--database-url", "postgres://ann:hunter2@db/temps",
                             "--http-proxy", "http://ann:hunter2@proxy"});
  ASSERT_TRUE(configuration.has_value());
  const auto options = configuration->up("/opt/temps-2/temps", "/usr/bin/temps");
  for (const auto& [name, value] : options.variables.at("proxy")) {
    EXPECT_THAT(value, Not(HasSubstr("hunter2"))) << name;
  }
  EXPECT_THAT(options.variables.at("serve").at("TEMPS_HTTP_PROXY"), HasSubstr("hunter2"));
}

TEST(Configuration, AdminsSeeAllSettingsAndWhereEachIsFrom) {
  auto configuration =
      load({"up", "--database-url", "postgres://ann:hunter2@db/temps", "--proxy-threads", "3"});
  ASSERT_TRUE(configuration.has_value());
  const auto told = configuration->up("/opt/temps-2/temps", "/usr/bin/temps").variables.at("serve");
  const auto effective = settings::load(told);
  ASSERT_TRUE(effective.has_value()) << effective.error().detail();
  const auto shown = settings::in_force(*effective, "serve");
  const auto of = [&shown](std::string_view name) {
    const auto found = std::ranges::find(shown.values, name, &settings::Shown::name);
    return found == shown.values.end()
               ? std::string("not shown")
               : fmt::format("{}|{}|{}", found->value, reflect::enum_name(found->source),
                             found->where);
  };
  EXPECT_EQ(of("proxy_threads"), "3|flag|--proxy-threads");
  EXPECT_EQ(of("database_url"), "****|flag|--database-url");
  EXPECT_EQ(of("listen"), "0.0.0.0:8080|default_value|");
  EXPECT_EQ(shown.values.size(), settings::declared().size());
  EXPECT_THAT(told.at("TEMPS_IN_FORCE"), Not(HasSubstr("hunter2")));
}

TEST(Configuration, PartsAreStartedByThePathThatAnUpdateReplaces) {
  auto configuration = load({"up"});
  ASSERT_TRUE(configuration.has_value());
  EXPECT_EQ(configuration->up("/opt/temps-2/temps", "/usr/bin/temps").program, "/usr/bin/temps");
}

TEST(Configuration, TheDataFolderIsNamedInCommandsWhereItIsNotTheUsualOne) {
  const auto usual = load({"up"});
  ASSERT_TRUE(usual.has_value());
  EXPECT_EQ(usual->data_words(), "");
  EXPECT_EQ(load({"up", "--data-dir", "/my data"})->data_words(), " --data-dir '/my data'");
}

TEST(Configuration, ABadFileStopsOnlyWhatNeedsOne) {
  const files::TemporaryFolder folder;
  const auto file = (folder.path() / "temps.toml").string();
  ASSERT_TRUE(files::write_atomically(file, "lisen = 1\n"));
  ::setenv("TEMPS_CONFIG", file.c_str(), 1);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"login", "http://x"}, {"logs", "shop"}, {"git-credential", "get"}, {"up", "--help"}}) {
    EXPECT_TRUE(Configuration::load(words).has_value()) << words.front();
  }
  EXPECT_FALSE(Configuration::load({"up"}).has_value());
  ::unsetenv("TEMPS_CONFIG");
}

TEST(Configuration, AFlagOfAnotherCommandIsRefused) {
  const auto refused = Configuration::load({"logs", "shop", "--runtime", "docker"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(std::string(refused.error().detail()),
              HasSubstr("temps logs does not use --runtime"));
}

}  // namespace
}  // namespace temps::app
