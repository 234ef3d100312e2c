// An engine that dies in mid-build, on an engine of our own.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "core/text.hpp"
#include "system/apps.hpp"
#include "system/engine.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

// dockerd in namespaces of its own: beside another one it would fight for the bridge, and its end
// is the end of all that it runs.
class OwnEngine {
 public:
  OwnEngine(World& world, std::filesystem::path folder)
      : world_(world), folder_(std::move(folder)) {}
  ~OwnEngine() { kill(); }

  bool start() {
    std::filesystem::create_directories(folder_);
    // The ids that a killed engine wrote down belong to others in the next one's namespace.
    std::filesystem::remove(folder_ / "pid");
    std::filesystem::remove_all(folder_ / "exec");
    daemon_.emplace(world_.begin(
        {"unshare",      "--net",
         "--mount",      "--pid",
         "--fork",       "--kill-child",
         "--mount-proc", "sh",
         "-c",           R"(mount -t tmpfs tmpfs /run && ip link set lo up && exec "$@")",
         "sh",           "dockerd",
         "--data-root",  (folder_ / "data").string(),
         "--exec-root",  (folder_ / "exec").string(),
         "--pidfile",    (folder_ / "pid").string(),
         "--host",       "unix://" + socket()},
        "dockerd"));
    const bool answers = eventually(world_.loop(), [this] {
      return daemon_->has_exited() || engine_answers(world_.loop(), socket());
    });
    return answers && !daemon_->has_exited();
  }
  void kill() {
    if (!daemon_) return;
    daemon_->signal(SIGKILL);
    daemon_->wait(20s);
    daemon_.reset();
  }
  [[nodiscard]] std::string socket() const { return (folder_ / "docker.sock").string(); }
  [[nodiscard]] Background& daemon() { return *daemon_; }

 private:
  World& world_;
  std::filesystem::path folder_;
  std::optional<Background> daemon_;
};

TEST(EngineStop, InMidBuildFailsThePushAndNothingElse) {
  net::Loop loop;
  if (::geteuid() != 0 || !engine_answers(loop, engine_socket())) {
    GTEST_SKIP() << "SKIPPED: needs root and an engine to take an image from";
  }
  const files::TemporaryFolder folder;
  const auto socket = (folder.path() / "engine/docker.sock").string();
  World world({.runtime = "docker", .variables = {{"TEMPS_DOCKER_SOCKET", socket}}});
  OwnEngine engine(world, folder.path() / "engine");
  ASSERT_TRUE(engine.start()) << engine.daemon().err();
  const auto copied = world.run({"sh", "-c", R"(docker save "$1" | docker --host "$2" load)", "sh",
                                 "temps-base/debian:12", "unix://" + socket});
  ASSERT_EQ(copied.code, 0) << copied.all();
  ASSERT_TRUE(world.start()) << world.printed();
  world.make_owner();

  Checkout checkout(world, "steady");
  checkout.write("index.html", "<h1>steady</h1>");
  ASSERT_EQ(checkout.release("plain files").code, 0);
  checkout.write("Dockerfile", "FROM temps-base/debian:12\nRUN echo at work && sleep 60\n");
  checkout.commit("a long build");
  auto push = checkout.begin_push();
  ASSERT_TRUE(push.says("at work")) << push.err();
  engine.kill();
  EXPECT_NE(push.wait(30s), 0);
  EXPECT_THAT(push.err(), AllOf(HasSubstr("remote: failed: "), HasSubstr("engine"),
                                AnyOf(HasSubstr("systemctl start docker"), HasSubstr("start it"))));
  EXPECT_EQ(world.newest("steady").status, "failed");
  EXPECT_TRUE(world.visit("steady").says("steady"));

  // What needs no engine goes on, and with an engine again all of it does.
  checkout.remove("Dockerfile");
  checkout.write("index.html", "<h1>still here</h1>");
  EXPECT_EQ(checkout.release("plain files again").code, 0);
  EXPECT_TRUE(world.visit("steady").says("still here"));
  ASSERT_TRUE(engine.start()) << engine.daemon().err();
  checkout.write("Dockerfile", "FROM temps-base/debian:12\nRUN echo built again && false\n");
  EXPECT_THAT(checkout.release("a short build").err, HasSubstr("built again"));
  world.stop();
}

}  // namespace
}  // namespace temps::e2e
