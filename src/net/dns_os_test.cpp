// The resolver against a name server of the test's own.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <map>
#include <thread>

#include "core/testing.hpp"
#include "core/text.hpp"
#include "net/dns.hpp"

namespace temps::net {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Answers A and AAAA questions over UDP from a list; what is not in it does not exist.
class NameServer {
 public:
  NameServer() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&own), sizeof own), 0);
    socklen_t size = sizeof own;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~NameServer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  std::map<std::string, std::string> addresses{};  // "shop.example" -> four bytes
  std::map<std::string, std::string> failing{};

 private:
  void serve() {
    std::array<char, 512> buffer{};
    for (;;) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto got = ::recvfrom(fd_, buffer.data(), buffer.size(), 0,
                                  reinterpret_cast<sockaddr*>(&from), &size);
      if (got <= 12) return;
      const auto reply = answer(std::string(buffer.data(), static_cast<std::size_t>(got)));
      ::sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }
  [[nodiscard]] std::string answer(const std::string& question) const {
    std::string name;
    std::size_t at = 12;
    for (; question[at] != 0; at += 1 + static_cast<unsigned char>(question[at])) {
      if (!name.empty()) name += '.';
      name += question.substr(at + 1, static_cast<unsigned char>(question[at]));
    }
    const auto asked = question.substr(12, at + 5 - 12);
    const bool for_v4 = question[at + 2] == 1;
    const auto found = addresses.find(lowered(name));
    const auto id = question.substr(0, 2);
    if (failing.contains(name)) return id + "\x81\x82\0\1\0\0\0\0\0\0"s + asked;
    if (found == addresses.end()) return id + "\x81\x83\0\1\0\0\0\0\0\0"s + asked;
    if (!for_v4) return id + "\x81\x80\0\1\0\0\0\0\0\0"s + asked;
    return id + "\x81\x80\0\1\0\1\0\0\0\0"s + asked + "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4"s +
           found->second;
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

struct ResolverTest : testing::Test {
  NameServer server;
  Loop loop;
  Resolver resolver{loop, server.address()};
};

TASK_TEST_F(ResolverTest, FindsTheAddressesOfAName) {
  server.addresses["shop.example"] = "\xcb\0\x71\7"s;
  const auto answer = co_await resolver.addresses("shop.example");
  EXPECT_EQ(answer.outcome, DnsOutcome::found);
  EXPECT_THAT(answer.addresses, ElementsAre("203.0.113.7"));
}

TASK_TEST_F(ResolverTest, KnowsThatANameIsMissing) {
  const auto answer = co_await resolver.addresses("nothing.example");
  EXPECT_EQ(answer.outcome, DnsOutcome::missing);
  EXPECT_THAT(answer.addresses, IsEmpty());
}

TASK_TEST_F(ResolverTest, AServerThatFailsIsNoAnswer) {
  server.failing["broken.example"] = "";
  EXPECT_EQ((co_await resolver.addresses("broken.example")).outcome, DnsOutcome::no_answer);
}

TASK_TEST_F(ResolverTest, ASilentServerIsGivenUp) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(fd, reinterpret_cast<sockaddr*>(&own), sizeof own);
  socklen_t size = sizeof own;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size);
  Resolver silent(loop, "127.0.0.1:" + std::to_string(ntohs(own.sin_port)));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ((co_await silent.addresses("shop.example")).outcome, DnsOutcome::no_answer);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  ::close(fd);
}

}  // namespace
}  // namespace temps::net
