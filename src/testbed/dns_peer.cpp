#include "testbed/dns_peer.hpp"

#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::testbed {
namespace {

constexpr std::size_t header_bytes = 12;
constexpr unsigned type_a = 1;
constexpr unsigned type_txt = 16;
constexpr unsigned no_such_name = 3;
constexpr std::size_t text_bytes_max = 255;

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int open_socket() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const auto address = loopback();
  ensure(fd >= 0 && ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
         "no port is free for the test's DNS server");
  return fd;
}

void put(std::string& out, unsigned number) {
  out += static_cast<char>(number >> 8U);
  out += static_cast<char>(number & 0xffU);
}

struct Question {
  std::string name{};  // lower case, without a dot at the end
  unsigned type = 0;
  std::size_t end = 0;  // where it ends in the query; 0 for one that cannot be read
};

Question question_of(std::string_view query) {
  Question question;
  std::size_t at = header_bytes;
  while (at < query.size() && query[at] != 0) {
    const auto size = static_cast<unsigned char>(query[at]);
    if (size > 63 || at + 1 + size >= query.size()) return {};
    if (!question.name.empty()) question.name += '.';
    question.name += lowered(query.substr(at + 1, size));
    at += 1U + size;
  }
  if (at + 5 > query.size()) return {};
  question.type = static_cast<unsigned char>(query[at + 2]);
  question.end = at + 5;
  return question;
}

void put_record(std::string& out, unsigned type, std::string_view data) {
  put(out, 0xc00c);  // the question's name
  put(out, type);
  put(out, 1);
  put(out, 0);
  put(out, 0);  // not to be kept
  put(out, static_cast<unsigned>(data.size()));
  out += data;
}

}  // namespace

DnsPeer::DnsPeer(net::Loop& loop) : socket_(loop, open_socket()), tasks_(loop) {
  tasks_.start("dns", serve());
}

DnsPeer::~DnsPeer() = default;

std::string DnsPeer::address() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
}

void DnsPeer::remove_text(const std::string& name, const std::string& value) {
  const auto [begin, end] = texts_.equal_range(name);
  for (auto it = begin; it != end; ++it) {
    if (it->second != value) continue;
    texts_.erase(it);
    return;
  }
}

Task<> DnsPeer::close() { co_await tasks_.close(); }

std::string DnsPeer::answer_to(std::string_view query) const {
  const auto question = question_of(query);
  if (question.end == 0) return {};
  std::string records;
  unsigned count = 0;
  const bool missing = missing_.contains(question.name);
  if (!missing && question.type == type_a) {
    put_record(records, type_a, std::string_view("\x7f\0\0\x01", 4));
    ++count;
  }
  if (question.type == type_txt) {
    const auto [begin, end] = texts_.equal_range(question.name);
    for (auto it = begin; it != end; ++it, ++count) {
      ensure(it->second.size() <= text_bytes_max, "a test's text fits into one string");
      put_record(records, type_txt, static_cast<char>(it->second.size()) + it->second);
    }
  }
  std::string answer(query.substr(0, 2));
  put(answer, 0x8580U | (missing ? no_such_name : 0U));  // an answer, with authority
  put(answer, 1);
  put(answer, count);
  put(answer, 0);
  put(answer, 0);
  answer += query.substr(header_bytes, question.end - header_bytes);
  return answer + records;
}

Task<> DnsPeer::serve() {
  std::array<char, 1500> bytes{};
  for (;;) {
    co_await socket_.readable();
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    auto* sender = reinterpret_cast<sockaddr*>(&from);
    const auto got = ::recvfrom(socket_.fd(), bytes.data(), bytes.size(), 0, sender, &size);
    if (got <= 0) continue;
    const auto answer = answer_to({bytes.data(), static_cast<std::size_t>(got)});
    if (!answer.empty()) {
      ::sendto(socket_.fd(), answer.data(), answer.size(), 0, sender, size);
    }
  }
}

}  // namespace temps::testbed
