#include <gmock/gmock.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "net/errors.hpp"
#include "net/socket.hpp"

namespace temps::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct SocketTest : testing::Test {
  files::TemporaryFolder folder;
  Loop loop;
  Address tcp{.host = "127.0.0.1", .port = 0, .path = {}};
  Address local{.host = {}, .path = (folder.path() / "x.sock").string()};

  Listener listen(const Address& address) {
    auto listener = Listener::open(loop, address);
    ensure(listener.has_value(), "cannot listen");
    return std::move(*listener);
  }
};

Task<> answer_one(Listener& listener, std::string answer) {
  auto socket = co_await listener.accept();
  auto question = co_await socket.read_to_end(100);
  co_await socket.write_all(question + answer);
}

Task<std::string> ask(Loop& loop, Address address) {
  auto socket = co_await connect(loop, std::move(address));
  co_await socket.write_all("question, ");
  socket.shutdown_write();
  co_return co_await socket.read_to_end(100);
}

Task<> expect_conversation(Loop& loop, Listener& listener) {
  TaskGroup group(loop);
  group.start("server", answer_one(listener, "answer"));
  EXPECT_EQ(co_await ask(loop, listener.address()), "question, answer");
  co_await group.close();
}

TASK_TEST_F(SocketTest, TalksOverTcpOnAFreePort) {
  auto listener = listen(tcp);
  EXPECT_NE(listener.address().port, 0);
  co_await expect_conversation(loop, listener);
}

TASK_TEST_F(SocketTest, TalksOverAUnixSocketThatOnlyItsOwnerMayUse) {
  auto listener = listen(local);
  struct stat status{};
  EXPECT_EQ(::stat(local.path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  co_await expect_conversation(loop, listener);
}

TASK_TEST_F(SocketTest, LooksUpNames) {
  auto listener = listen(tcp);
  TaskGroup group(loop);
  group.start("server", answer_one(listener, "answer"));
  const Address named{.host = "localhost", .port = listener.address().port, .path = {}};
  EXPECT_EQ(co_await ask(loop, named), "question, answer");
  co_await group.close();
}

TASK_TEST_F(SocketTest, SaysWhichAddressIsInUseAndWhatToDo) {
  const auto first = listen(tcp);
  const auto second = Listener::open(loop, first.address());
  EXPECT_TRUE(!second && second.error().is(errors::address_in_use));
  EXPECT_THAT(std::string(second.error().detail()),
              AllOf(HasSubstr(first.address().text()), HasSubstr("choose another address")));
  co_return;
}

TASK_TEST_F(SocketTest, DoesNotTakeAUnixSocketFromALivingProcess) {
  auto first = listen(local);
  const auto second = Listener::open(loop, local);
  EXPECT_TRUE(!second && second.error().is(errors::address_in_use));
  auto client = co_await connect(loop, local);
  co_await first.accept();
}

TASK_TEST_F(SocketTest, ReplacesTheSocketFileOfADeadProcess) {
  listen(local).close();
  EXPECT_TRUE(std::filesystem::exists(local.path));
  auto second = listen(local);
  co_await expect_conversation(loop, second);
}

TASK_TEST_F(SocketTest, DoesNotReplaceAFileThatIsNoSocket) {
  EXPECT_TRUE(files::write_atomically(local.path, "precious").has_value());
  const auto listener = Listener::open(loop, local);
  EXPECT_FALSE(listener.has_value());
  EXPECT_EQ(files::read(local.path).value(), "precious");
  co_return;
}

TASK_TEST_F(SocketTest, SaysWhatCannotBeReached) {
  const Address closed{.host = "127.0.0.1", .port = free_port().value(), .path = {}};
  auto refused = co_await attempt(connect(loop, closed));
  EXPECT_TRUE(!refused && refused.error().is(errors::unreachable));
  EXPECT_THAT(std::string(refused.error().detail()),
              AllOf(HasSubstr(closed.text()), HasSubstr("refused")));
  auto missing = co_await attempt(connect(loop, local));
  EXPECT_TRUE(!missing && missing.error().is(errors::unreachable));
  const Address nowhere{.host = "nowhere.invalid", .port = 1, .path = {}};
  auto unknown = co_await attempt(connect(loop, nowhere));
  EXPECT_TRUE(!unknown && unknown.error().is(errors::unreachable));
}

TASK_TEST_F(SocketTest, AcceptCanBeCancelledAndGoesOnLater) {
  auto listener = listen(tcp);
  auto nobody = co_await attempt(within(5ms, listener.accept()));
  EXPECT_TRUE(!nobody && nobody.error().is(temps::errors::timed_out));
  co_await expect_conversation(loop, listener);
}

TASK_TEST_F(SocketTest, ACancelledReadLosesNothing) {
  auto listener = listen(tcp);
  auto client = co_await connect(loop, listener.address());
  auto server = co_await listener.accept();
  std::array<char, 16> buffer{};
  auto nothing = co_await attempt(within(5ms, server.read_some(buffer)));
  EXPECT_TRUE(!nothing && nothing.error().is(temps::errors::timed_out));
  co_await client.write_all("late");
  const auto got = co_await server.read_some(buffer);
  EXPECT_EQ(std::string_view(buffer.data(), got), "late");
}

TASK_TEST_F(SocketTest, AWriteThatNobodyReadsCanBeCancelled) {
  auto listener = listen(local);
  auto client = co_await connect(loop, local);
  auto server = co_await listener.accept();
  const std::string much(64U << 20U, 'x');
  auto stuck = co_await attempt(within(20ms, client.write_all(much)));
  EXPECT_TRUE(!stuck && stuck.error().is(temps::errors::timed_out));
}

TASK_TEST_F(SocketTest, ReadsAndWritesAtTheSameTime) {
  auto listener = listen(local);
  auto client = co_await connect(loop, local);
  auto server = co_await listener.accept();
  const std::string much(4U << 20U, 'x');
  auto send = [](Descriptor& socket, const std::string& text) -> Task<> {
    co_await socket.write_all(text);
    socket.shutdown_write();
  };
  auto receive = [](Descriptor& socket, std::size_t& size) -> Task<> {
    size = (co_await socket.read_to_end(8U << 20U)).size();
  };
  std::size_t at_client = 0;
  std::size_t at_server = 0;
  std::vector<Task<>> tasks;
  tasks.push_back(send(client, much));
  tasks.push_back(send(server, much));
  tasks.push_back(receive(client, at_client));
  tasks.push_back(receive(server, at_server));
  co_await within(10s, all(std::move(tasks)));
  EXPECT_EQ(at_client, much.size());
  EXPECT_EQ(at_server, much.size());
}

TASK_TEST_F(SocketTest, APeerThatWentAwayIsAnErrorAndNotTheEndOfTheProcess) {
  auto listener = listen(local);
  auto client = co_await connect(loop, local);
  (co_await listener.accept()).close();
  auto result = co_await attempt(client.write_all("anyone?"));
  EXPECT_TRUE(!result && result.error().is(errors::broken));
}

TASK_TEST_F(SocketTest, AClosedDescriptorSaysSo) {
  auto listener = listen(local);
  auto client = co_await connect(loop, local);
  client.close();
  EXPECT_FALSE(client.is_open());
  std::array<char, 16> buffer{};
  auto read = co_await attempt(client.read_some(buffer));
  EXPECT_TRUE(!read && read.error().is(errors::closed));
  auto written = co_await attempt(client.write_all("x"));
  EXPECT_TRUE(!written && written.error().is(errors::closed));
}

TASK_TEST_F(SocketTest, AStreamThatIsTooLongIsRefused) {
  auto listener = listen(local);
  auto client = co_await connect(loop, local);
  auto server = co_await listener.accept();
  co_await client.write_all("0123456789");
  client.close();
  auto result = co_await attempt(server.read_to_end(9));
  EXPECT_TRUE(!result && result.error().is(errors::broken));
}

TEST(Listening, WhereItIsNotPossibleSaysWhatIs) {
  Loop loop;
  auto listener = Listener::open(loop, {.host = "192.0.2.1", .port = 8080, .path = {}});
  ASSERT_FALSE(listener.has_value());
  EXPECT_NE(listener.error().detail().find("0.0.0.0"), std::string_view::npos);
}

}  // namespace
}  // namespace temps::net
