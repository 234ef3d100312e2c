#include "settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text.hpp"
#include "files/files.hpp"
#include "settings/public_url.hpp"
#include "settings/units.hpp"

namespace temps::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct SettingsTest : testing::Test {
  files::TemporaryFolder folder;
  std::string file = (folder.path() / "temps.toml").string();
  Environment environment{{"HOME", "/home/ann"}, {"XDG_CONFIG_HOME", folder.path() / "none"}};

  void write(std::string_view text) {
    ASSERT_TRUE(files::write_atomically(file, text).has_value());
    environment["TEMPS_CONFIG"] = file;
  }
  Settings loaded(const Flags& flags = {}) {
    auto effective = load(environment, flags);
    EXPECT_TRUE(effective.has_value()) << (effective ? "" : effective.error().detail());
    return effective ? effective->settings : Settings{};
  }
  std::string refused(const Flags& flags = {}) {
    const auto effective = load(environment, flags);
    return effective ? "accepted" : std::string(effective.error().detail());
  }
};

TEST_F(SettingsTest, EverySettingHasADefault) {
  const auto settings = loaded();
  EXPECT_EQ(settings.listen.port, 8080);
  EXPECT_EQ(settings.public_url, "http://localhost:8080");
  EXPECT_EQ(settings.runtime, RuntimeChoice::auto_);
  EXPECT_EQ(settings.build_memory_bytes, 2ULL << 30U);
  EXPECT_TRUE(settings.database_url.empty());
}

TEST_F(SettingsTest, AFlagWinsOverTheEnvironmentAndThatOverTheFile) {
  write("listen = \"127.0.0.1:1\"\nbuild_cpus = 3\nbuild_time = \"5m\"\n");
  EXPECT_EQ(loaded().listen.port, 1);
  EXPECT_EQ(loaded().build_cpus, 3);
  EXPECT_EQ(loaded().build_time, std::chrono::minutes(5));
  environment["TEMPS_LISTEN"] = "127.0.0.1:2";
  EXPECT_EQ(loaded().listen.port, 2);
  const auto settings = loaded({.given = {{"listen", "127.0.0.1:3"}}});
  EXPECT_EQ(settings.listen.port, 3);
  EXPECT_EQ(settings.public_url, "http://localhost:3");
}

TEST_F(SettingsTest, TheKernelMayEncryptUnlessItIsTurnedOff) {
  EXPECT_TRUE(loaded().kernel_tls);
  EXPECT_FALSE(loaded({.given = {{"kernel_tls", "off"}}}).kernel_tls);
  EXPECT_THAT(refused({.given = {{"kernel_tls", "on"}}}), HasSubstr("auto or off"));
}

TEST_F(SettingsTest, TheBuildCacheIsAWholeNumberOfMegabytes) {
  EXPECT_EQ(loaded().build_cache_mb_max, 10'240U);
  write("build_cache_mb_max = 0\n");
  EXPECT_EQ(loaded().build_cache_mb_max, 0U);
  for (const auto* text : {"-1", "10GB", "1.5", "", "99999999999"}) {
    EXPECT_THAT(refused({.given = {{"build_cache_mb_max", text}}}), HasSubstr("megabytes")) << text;
  }
}

TEST_F(SettingsTest, HttpsHasItsUsualPortBesideThatOfHttpOnly) {
  EXPECT_FALSE(loaded().listen_tls.has_value());
  EXPECT_EQ(loaded({.given = {{"listen", ":80"}}}).listen_tls.value().text(), "0.0.0.0:443");
  EXPECT_FALSE(loaded({.given = {{"listen", ":80"}, {"listen_tls", ""}}}).listen_tls.has_value());
  EXPECT_EQ(loaded({.given = {{"listen_tls", "127.0.0.1:8443"}}}).listen_tls.value().port, 8443);
  EXPECT_EQ(loaded().public_https_port, 0);
  EXPECT_EQ(loaded({.given = {{"public_https_port", "443"}}}).public_https_port, 443);
}

TEST_F(SettingsTest, TheProxyHasAThreadPerCoreUnlessToldOtherwise) {
  EXPECT_EQ(loaded().proxy_threads, 0);
  EXPECT_EQ(loaded({.given = {{"proxy_threads", "1"}}}).proxy_threads, 1);
  environment["TEMPS_PROXY_THREADS"] = "0";
  EXPECT_EQ(loaded().proxy_threads, 0);
}

TEST_F(SettingsTest, TheAccessLogIsFullOffOrAShare) {
  EXPECT_EQ(loaded().access_log, 1);
  EXPECT_EQ(loaded({.given = {{"access_log", "off"}}}).access_log, 0);
  EXPECT_EQ(loaded({.given = {{"access_log", "0.25"}}}).access_log, 0.25);
  write("access_log = 0.5\nrequests_days = 30");
  EXPECT_EQ(loaded().access_log, 0.5);
  EXPECT_EQ(loaded().requests_days, 30);
}

TEST_F(SettingsTest, PublicAddressesAreReadInTheirOneForm) {
  EXPECT_TRUE(loaded().public_addresses.empty());
  EXPECT_THAT(
      loaded({.given = {{"public_addresses", "203.0.113.7, 2001:DB8::0:1"}}}).public_addresses,
      ElementsAre("203.0.113.7", "2001:db8::1"));
}

TEST_F(SettingsTest, TheLeastRateOfClientsMayBeNone) {
  EXPECT_EQ(loaded().client_rate_min, 128U);
  EXPECT_EQ(loaded({.given = {{"client_rate_min", "0"}}}).client_rate_min, 0U);
  EXPECT_EQ(loaded({.given = {{"client_rate_min", "2kB"}}}).client_rate_min, 2048U);
  EXPECT_THAT(refused({.given = {{"client_rate_min", "slow"}}}), HasSubstr("--client-rate-min"));
}

TEST_F(SettingsTest, NetworksAreAListOfTextsOrWithCommas) {
  EXPECT_TRUE(loaded().trusted_proxies.empty());
  EXPECT_THAT(loaded({.given = {{"trusted_proxies", "203.0.113.0/24, private"}}}).trusted_proxies,
              ElementsAre("203.0.113.0/24", "private"));
  write("trusted_proxies = [\"10.0.0.1\", \"loopback\"]\nproxy_protocol_from = \"fd00::/8\"\n");
  EXPECT_THAT(loaded().trusted_proxies, ElementsAre("10.0.0.1", "loopback"));
  EXPECT_THAT(loaded().proxy_protocol_from, ElementsAre("fd00::/8"));
  write("trusted_proxies = []\n");
  EXPECT_TRUE(loaded().trusted_proxies.empty());
  write("trusted_proxies = [1]\n");
  EXPECT_THAT(refused(), HasSubstr("takes texts"));
}

TEST_F(SettingsTest, ANameServerMayBeGivenWithoutItsPort) {
  EXPECT_EQ(loaded({.given = {{"dns_server", "9.9.9.9"}}}).dns_server, "9.9.9.9:53");
  EXPECT_EQ(loaded({.given = {{"dns_server", "127.0.0.1:5353"}}}).dns_server, "127.0.0.1:5353");
}

TEST_F(SettingsTest, TheUsualVariablesOfOtherProgramsAreReadLast) {
  environment["HTTPS_PROXY"] = "http://upper";
  EXPECT_EQ(loaded().https_proxy.reveal(), "http://upper");
  environment["https_proxy"] = "http://usual";
  EXPECT_EQ(loaded().https_proxy.reveal(), "http://usual");
  environment["TEMPS_HTTPS_PROXY"] = "http://own";
  EXPECT_EQ(loaded().https_proxy.reveal(), "http://own");
}

TEST_F(SettingsTest, WhatCannotBeIsRefusedWithItsPlace) {
  environment["TEMPS_BUILD_MEMORY"] = "lots";
  EXPECT_EQ(refused(),
            "build_memory (TEMPS_BUILD_MEMORY) is \"lots\", but must be bytes, such as 512MB");
  environment.erase("TEMPS_BUILD_MEMORY");
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"listen", "8080"},
                                                        {"listen", "unix:/x"},
                                                        {"runtime", "podman"},
                                                        {"build_cpus", "0"},
                                                        {"build_cpus", "nan"},
                                                        {"builds_at_once", "0"},
                                                        {"log_level", "loud"},
                                                        {"public_url", "localhost"},
                                                        {"public_addresses", "203.0.113.7,shop"},
                                                        {"listen_tls", "443"},
                                                        {"dns_server", "ns.example.org"},
                                                        {"dns_server", "[::1]:53"},
                                                        {"acme_directory", "http://a.example"},
                                                        {"public_https_port", "0"},
                                                        {"proxy_threads", "257"},
                                                        {"proxy_threads", "-1"},
                                                        {"trusted_proxies", "cdn.example"},
                                                        {"trusted_proxies", "10.0.0.0/8,"},
                                                        {"proxy_protocol_from", "10.0.0.0/33"},
                                                        {"access_log", "on"},
                                                        {"access_log", "1.5"},
                                                        {"access_log", "nan"},
                                                        {"requests_days", "0"},
                                                        {"spool_size_max", "0"},
                                                        {"build_time", "-1s"}}) {
    EXPECT_THAT(refused({.given = {{name, text}}}), HasSubstr("--")) << name;
  }
  EXPECT_THAT(refused({.given = {{"listen", ""}}}), HasSubstr("--listen"));
}

TEST_F(SettingsTest, AMisspeltLineOfTheFileIsRefusedAndAVariableWarnedAbout) {
  write("lisen = \"127.0.0.1:1\"\n");
  EXPECT_THAT(refused(), HasSubstr("did you mean listen?"));
  write("listen = [1]\n");
  EXPECT_THAT(refused(), HasSubstr("takes one value"));
  write("listen = \n");
  EXPECT_THAT(refused(), HasSubstr("temps.toml"));
  write("");
  environment["TEMPS_LISEN"] = "x";
  EXPECT_THAT(load(environment)->warnings, ElementsAre(HasSubstr("TEMPS_LISTEN")));
}

TEST_F(SettingsTest, AFileThatWasNamedMustExist) {
  EXPECT_THAT(refused({.given = {{"config", (folder.path() / "no.toml").string()}}}),
              HasSubstr("no.toml"));
}

TEST_F(SettingsTest, SecretsAreShownAsStars) {
  environment["TEMPS_DATABASE_URL"] = "postgres://ann:hunter2@db/temps";
  const auto text = describe(*load(environment));
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, HasSubstr("TEMPS_DATABASE_URL"));
  EXPECT_THAT(text, HasSubstr("0.0.0.0:8080"));
}

TEST_F(SettingsTest, SaysWhichFileWasReadAndWhereTheDataReallyIs) {
  write("build_cpus = 3\n");
  const auto effective = load(environment, {.given = {{"data_dir", "some/data"}}});
  ASSERT_TRUE(effective.has_value());
  EXPECT_EQ(effective->file, file);
  const auto text = describe(*effective);
  EXPECT_THAT(text, HasSubstr(file));
  EXPECT_THAT(text, HasSubstr((std::filesystem::current_path() / "some/data").string()));
}

TEST_F(SettingsTest, AnotherProcessComesToTheSameSettings) {
  write("build_cpus = 3\ndatabase_url = \"postgres://file\"\n");
  environment["http_proxy"] = "http://ann:secret@proxy";
  environment["TEMPS_LISTEN"] = "127.0.0.1:7";
  const auto effective = load(environment, {.given = {{"database_url", "postgres://flag"}}});
  ASSERT_TRUE(effective.has_value());
  const auto serve = load(variables_for(*effective, "serve"));
  ASSERT_TRUE(serve.has_value());
  EXPECT_EQ(serve->settings.build_cpus, 3);
  EXPECT_EQ(serve->settings.database_url.reveal(), "postgres://flag");
  EXPECT_EQ(serve->settings.http_proxy.reveal(), "http://ann:secret@proxy");
  EXPECT_EQ(serve->settings.public_url, "http://localhost:7");
  EXPECT_EQ(serve->settings.data_dir, effective->settings.data_dir);
}

TEST_F(SettingsTest, AnotherProcessIsToldWhatItUsesOnly) {
  environment["http_proxy"] = "http://ann:secret@proxy";
  environment["TEMPS_DATABASE_URL"] = "postgres://ann:secret@db/temps";
  environment["TEMPS_LISTEN"] = "127.0.0.1:7";
  const auto variables = variables_for(*load(environment), "proxy");
  EXPECT_EQ(variables.at("TEMPS_LISTEN"), "127.0.0.1:7");
  for (const auto& [name, value] : variables) EXPECT_THAT(value, Not(HasSubstr("secret"))) << name;
}

TEST_F(SettingsTest, WithoutAFileAnotherProcessReadsNoneEither) {
  const auto variables = variables_for(*load(environment), "serve");
  EXPECT_EQ(variables.at("TEMPS_CONFIG"), "");
  write("build_cpus = 3\n");
  environment["TEMPS_CONFIG"] = "";
  EXPECT_EQ(loaded().build_cpus, 1);
}

TEST_F(SettingsTest, AFlagIsForTheCommandsThatUseIt) {
  const Flags flags{.given = {{"runtime", "docker"}}};
  EXPECT_TRUE(check_flags(flags, "up").has_value());
  EXPECT_TRUE(check_flags(flags, "serve").has_value());
  EXPECT_THAT(std::string(check_flags(flags, "proxy").error().detail()),
              HasSubstr("temps proxy does not use --runtime"));
  EXPECT_FALSE(check_flags({.given = {{"config", "x"}}}, "login").has_value());
  EXPECT_FALSE(uses_settings("logs"));
}

TEST_F(SettingsTest, TheHelpOfACommandListsItsSettings) {
  EXPECT_THAT(help("proxy"), HasSubstr("--listen <address:port>"));
  EXPECT_THAT(help("proxy"), HasSubstr("Default 0.0.0.0:8080. TEMPS_LISTEN"));
  EXPECT_THAT(help("proxy"), Not(HasSubstr("--database-url")));
  for (const auto& setting : declared()) EXPECT_THAT(help("up"), HasSubstr(setting.flag()));
}

TEST_F(SettingsTest, FlagsAreTakenOutOfTheArguments) {
  const auto flags =
      take_flags({"up", "--data-dir", "/x", "--listen=:80", "--verbose", "--", "--runtime"});
  ASSERT_TRUE(flags.has_value());
  EXPECT_EQ(flags->given.at("data_dir"), "/x");
  EXPECT_EQ(loaded(*flags).listen.port, 80);
  EXPECT_THAT(flags->rest, ElementsAre("up", "--verbose", "--", "--runtime"));
  EXPECT_FALSE(take_flags({"--runtime"}).has_value());
}

TEST(PublicUrl, HasASchemeAHostAndAPort) {
  const auto parts = [](std::string_view text) {
    const auto url = parse_public_url(text);
    return url ? fmt::format("{} {} {}", url->scheme, url->host, url->port) : "none";
  };
  EXPECT_EQ(parts("http://localhost:8080"), "http localhost 8080");
  EXPECT_EQ(parts("HTTPS://Temps.example.org"), "https temps.example.org 443");
  EXPECT_EQ(parts("https://temps.example.org:8443"), "https temps.example.org 8443");
  EXPECT_EQ(parts("http://[::1]:80"), "http ::1 80");
  for (const auto* odd : {"", "localhost", "ftp://x", "http://", "http://x:0", "http://x:y",
                          "http://x/path", "http://ann@x", "http://x y", "https://:443"}) {
    EXPECT_EQ(parts(odd), "none") << odd;
  }
}

TEST(Units, SizesAndTimesAreReadAsPeopleWriteThem) {
  EXPECT_EQ(parse_bytes("10"), 10U);
  EXPECT_EQ(parse_bytes("64kb"), 65536U);
  EXPECT_EQ(parse_bytes("2 GB"), 2ULL << 30U);
  EXPECT_EQ(parse_bytes("99999999TB"), std::nullopt);
  EXPECT_EQ(parse_bytes("-1"), std::nullopt);
  EXPECT_EQ(parse_bytes("1.5GB"), std::nullopt);
  EXPECT_EQ(parse_duration("14d"), std::chrono::hours(14 * 24));
  EXPECT_EQ(parse_duration("90"), std::chrono::seconds(90));
  EXPECT_EQ(parse_duration("soon"), std::nullopt);
}

}  // namespace
}  // namespace temps::settings
