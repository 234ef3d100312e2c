// `temps up --database-url`: an outside server, and those that cannot be used.
#include <gmock/gmock.h>
#include <pwd.h>
#include <unistd.h>

#include <fstream>

#include "core/text.hpp"
#include "net/socket.hpp"
#include "postgres/postgres.hpp"
#include "sql/database.hpp"
#include "system/checkout.hpp"
#include "system/world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A server that others know by its unix socket; users are told apart by password.
struct OutsideDatabase : ::testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  std::unique_ptr<postgres::Cluster> cluster;

  void SetUp() override {
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    auto started =
        loop.run(postgres::Cluster::start(loop, {.folder = folder.path() / "pg",
                                                 .socket_folder = folder.path() / "s",
                                                 .durability = postgres::Durability::none,
                                                 .when_we_die = postgres::WhenWeDie::is_killed}));
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    cluster = std::move(*started);
  }
  void TearDown() override {
    if (cluster) EXPECT_TRUE(loop.run(cluster->stop()).has_value());
  }

  static Outcome up(World& world, const std::string& url) {
    auto call = world.call({temps_binary(), "up", "--data-dir", world.data().string(), "--listen",
                            fmt::format("127.0.0.1:{}", world.port()), "--database-url", url});
    call.limit = 45s;
    return run(world.loop(), std::move(call));
  }
};

TEST_F(OutsideDatabase, ServesEverything) {
  World world({.words = {"--database-url", cluster->url()}});
  ASSERT_TRUE(world.start()) << world.printed();
  EXPECT_FALSE(std::filesystem::exists(world.data() / "postgres"));
  world.make_owner();
  Checkout checkout(world, "shop");
  checkout.write("index.html", "<h1>outside</h1>");
  EXPECT_EQ(checkout.release("one").code, 0);
  EXPECT_TRUE(world.visit("shop").says("outside"));
}

TEST_F(OutsideDatabase, ThatRefusesTheLoginIsSaidAtOnce) {
  World world;
  const auto begin = std::chrono::steady_clock::now();
  const auto ended = up(world, cluster->url("no_such_database"));
  EXPECT_EQ(ended.code, 1) << ended.all();
  EXPECT_THAT(ended.err, AllOf(HasSubstr("refuses"), HasSubstr("--database-url")));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
}

TEST_F(OutsideDatabase, WithAnotherPasswordIsSaidAtOnce) {
  const auto hba = folder.path() / "pg/pg_hba.conf";
  const auto rules = content(hba);
  std::ofstream(hba) << "local temps ann scram-sha-256\n" << rules;
  const auto prepare = [](net::Loop& on, std::string url) -> Task<> {
    sql::Database database(on, {.url = std::move(url), .connections_max = 1});
    auto done = co_await attempt(database.script(
        "create role ann login password 'right-77'; grant all on schema public to ann"));
    if (done) done = co_await attempt(database.script("select pg_reload_conf()"));
    co_await database.close();
    co_await std::move(done);
  };
  ASSERT_TRUE(loop.run(prepare(loop, cluster->url())).has_value());
  const auto url = [this](std::string_view password) {
    return fmt::format("host={} user=ann password={} dbname=temps", (folder.path() / "s").string(),
                       password);
  };
  {
    World world;
    const auto begin = std::chrono::steady_clock::now();
    const auto ended = up(world, url("wrong-66"));
    EXPECT_EQ(ended.code, 1) << ended.all();
    EXPECT_THAT(ended.err, AllOf(HasSubstr("password"), HasSubstr("--database-url")));
    EXPECT_EQ(ended.err.find("wrong-66"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
    const auto without =
        up(world, fmt::format("host={} user=ann dbname=temps", (folder.path() / "s").string()));
    EXPECT_THAT(without.err, HasSubstr("wants a password"));
  }
  World world({.words = {"--database-url", url("right-77")}});
  EXPECT_TRUE(world.start()) << world.printed();
}

TEST_F(OutsideDatabase, ThatIsNotThereIsSaidInTime) {
  World world;
  const auto port = net::free_port().value_or(0);
  for (const auto& host :
       {fmt::format("127.0.0.1:{}", port), std::string("no-such-host.invalid")}) {
    const auto ended = up(world, fmt::format("postgres://ann:secret@{}/temps", host));
    EXPECT_EQ(ended.code, 1) << ended.all();
    EXPECT_THAT(ended.err, HasSubstr("Check that the server runs"));
    EXPECT_EQ(ended.err.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace temps::e2e
