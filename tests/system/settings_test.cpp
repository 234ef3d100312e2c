// One settings file for all of `temps up`, and each part told only what it uses.
#include <gmock/gmock.h>

#include <fstream>

#include "core/text.hpp"
#include "system/checkout.hpp"
#include "system/processes.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string environment_of(int pid) { return content(fmt::format("/proc/{}/environ", pid)); }

TEST(SettingsFile, ReachesEveryPartOfTempsUp) {
  const files::TemporaryFolder elsewhere;
  const auto file = (elsewhere.path() / "temps.toml").string();
  World world({.words = {"--config", file}});
  std::ofstream(file) << fmt::format(
      "public_url = \"http://apps.localhost:{}\"\n"
      "http_proxy = \"http://ann:Wonderful-66@127.0.0.1:9\"\npush_size_max = \"64KB\"\n",
      world.port());
  ASSERT_TRUE(world.start()) << world.printed();
  world.make_owner();
  Checkout checkout(world, "shop");
  checkout.write("package.json", R"({"name": "shop", "scripts":
    {"build": "echo proxy=$http_proxy", "start": "node server.js"}})");
  checkout.write("server.js",
                 "require('http').createServer((q, a) => a.end('hi')).listen(process.env.PORT)");
  const auto pushed = checkout.release("one");
  EXPECT_EQ(pushed.code, 0) << pushed.all();
  EXPECT_THAT(pushed.all(), HasSubstr(fmt::format("http://shop.apps.localhost:{}", world.port())));
  EXPECT_THAT(pushed.all(), HasSubstr("proxy=http://ann:Wonderful-66@127.0.0.1:9"));

  checkout.write("large", std::string(200'000, 'x') + std::to_string(world.port()));
  std::string noise;
  for (int i = 0; i < 40'000; ++i) noise += std::to_string(i * 7919 % 99991);
  checkout.write("noise", noise);
  EXPECT_NE(checkout.release("large").code, 0) << "push_size_max of the file is not in force";

  EXPECT_THAT(environment_of(world.pid_of("serve")), HasSubstr("TEMPS_CONFIG=" + file));
  EXPECT_THAT(environment_of(world.pid_of("proxy")), HasSubstr("TEMPS_CONFIG=" + file));
}

TEST(SettingsFile, TheProxysEnvironmentHoldsNoSecret) {
  World world({.variables = {{"https_proxy", "http://ann:Wonderful-66@127.0.0.1:9"}}});
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_THAT(environment_of(world.pid_of("proxy")),
              AllOf(HasSubstr("TEMPS_LISTEN="), Not(HasSubstr("Wonderful-66")),
                    Not(HasSubstr("TEMPS_DATABASE_URL"))));
  EXPECT_THAT(environment_of(world.pid_of("serve")), HasSubstr("Wonderful-66"));
}

TEST(SettingsFile, ThatIsWrongStopsOnlyWhatNeedsIt) {
  World world;
  const auto file = (world.folder() / "temps.toml").string();
  std::ofstream(file) << "lisen = 1\n";
  const auto run_with_it = [&](Words words) {
    words.insert(words.begin(), temps_binary());
    auto call = world.call(std::move(words));
    call.environment["TEMPS_CONFIG"] = file;
    return run(world.loop(), std::move(call));
  };
  const auto logs = run_with_it({"logs", "shop"});
  EXPECT_EQ(logs.code, 4) << logs.all();
  EXPECT_EQ(run_with_it({"up", "--help"}).code, 0);
  EXPECT_EQ(run_with_it({"config"}).code, 2);
}

TEST(Help, ListsTheSettingsOfACommandAndOthersAreRefused) {
  World world;
  const auto help = world.temps({"proxy", "--help"});
  EXPECT_THAT(help.out, AllOf(HasSubstr("--listen"), HasSubstr("TEMPS_LISTEN"),
                              HasSubstr("0.0.0.0:8080"), Not(HasSubstr("--database-url"))));
  const auto refused = world.temps({"proxy", "--database-url", "postgres://x"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("does not use --database-url"));
}

TEST(Binary, NeedsTheLibrariesOfGlibcOnly) {
  World world;
  const auto listed = world.run({"ldd", temps_binary()});
  ASSERT_EQ(listed.code, 0) << listed.all();
  for (const auto line : split(listed.out, '\n')) {
    const auto name = cut(trimmed(line), " ").first;
    if (name.empty()) continue;
    const bool of_glibc = name.starts_with("linux-vdso.so") || name.starts_with("libc.so.") ||
                          name.starts_with("libm.so.") || name.starts_with("libdl.so.") ||
                          name.starts_with("libpthread.so.") || name.starts_with("librt.so.") ||
                          name.starts_with("libresolv.so.") || name.contains("/ld-linux");
    EXPECT_TRUE(of_glibc) << name;
  }
}

}  // namespace
}  // namespace temps::e2e
