#include "net/dns.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "core/text.hpp"
#include "net/errors.hpp"
#include "net/socket.hpp"

namespace temps::net {
namespace {

// Silent name servers are asked twice, for one and for two seconds.
constexpr int first_wait_seconds = 1;
constexpr int tries = 2;
constexpr int servers_max = 1;

// The C library's resolver with settings of its own.
class Asking {
 public:
  explicit Asking(const std::string& server) {
    ready_ = ::res_ninit(&state_) == 0;
    state_.retrans = first_wait_seconds;
    state_.retry = tries;
    state_.nscount = std::min(state_.nscount, servers_max);
    if (auto address = parse_address(server); address && !server.empty()) use(*address);
  }
  ~Asking() { ::res_nclose(&state_); }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  struct Said {
    DnsOutcome outcome = DnsOutcome::no_answer;
    std::string message{};
  };
  Said ask(const std::string& name, int type) {
    if (!ready_) return {};
    std::array<unsigned char, 16384> buffer{};
    const int size = ::res_nquery(&state_, name.c_str(), ns_c_in, type, buffer.data(),
                                  static_cast<int>(buffer.size()));
    if (size < 0) {
      const bool sure = state_.res_h_errno == HOST_NOT_FOUND || state_.res_h_errno == NO_DATA;
      return {sure ? DnsOutcome::missing : DnsOutcome::no_answer};
    }
    const auto length = std::min(static_cast<std::size_t>(size), buffer.size());
    return {DnsOutcome::found, std::string(buffer.begin(), buffer.begin() + length)};
  }

 private:
  void use(const Address& server) {
    state_.nscount = 1;
    auto& place = state_.nsaddr_list[0];
    place = {};
    place.sin_family = AF_INET;
    place.sin_port = htons(server.port);
    ::inet_pton(AF_INET, server.host.c_str(), &place.sin_addr);
  }

  struct __res_state state_{};
  bool ready_ = false;
};

DnsAnswer answer_of(Asking& asking, const std::string& name) {
  DnsAnswer answer;
  for (const int type : {ns_t_a, ns_t_aaaa}) {
    const auto said = asking.ask(name, type);
    if (said.outcome == DnsOutcome::no_answer) return {};
    if (said.outcome == DnsOutcome::missing) continue;
    auto records = parse_dns_message(said.message);
    if (!records) return {};
    if (!records->alias.empty()) answer.alias = records->alias;
    answer.addresses.insert(answer.addresses.end(), records->addresses.begin(),
                            records->addresses.end());
  }
  answer.outcome = answer.addresses.empty() ? DnsOutcome::missing : DnsOutcome::found;
  return answer;
}

// Reads a message from front to back; every step says whether the bytes were there.
class Message {
 public:
  explicit Message(std::string_view bytes)
      : begin_(reinterpret_cast<const unsigned char*>(bytes.data())),
        at_(begin_),
        end_(begin_ + bytes.size()) {}

  bool number(std::uint16_t& to) {
    if (end_ - at_ < 2) return false;
    to = static_cast<std::uint16_t>(at_[0] << 8U | at_[1]);
    at_ += 2;
    return true;
  }
  bool skip(std::ptrdiff_t count) {
    if (end_ - at_ < count) return false;
    at_ += count;
    return true;
  }
  bool skip_name() {
    const int size = ::dn_skipname(at_, end_);
    return size > 0 && skip(size);
  }
  // The name here, without going on behind it.
  bool name(std::string& to) const {
    std::array<char, NS_MAXDNAME> text{};
    if (::dn_expand(begin_, end_, at_, text.data(), static_cast<int>(text.size())) < 0) {
      return false;
    }
    to = lowered(text.data());
    return true;
  }
  [[nodiscard]] const unsigned char* here() const { return at_; }

 private:
  const unsigned char* begin_;
  const unsigned char* at_;
  const unsigned char* end_;
};

// The strings of a TXT record are one text (RFC 7208 3.3).
bool read_text(const Message& data, std::size_t size, std::string& to) {
  const auto* at = data.here();
  const auto* end = at + size;
  while (at != end) {
    const std::ptrdiff_t length = *at++;
    if (end - at < length) return false;
    to.append(reinterpret_cast<const char*>(at), static_cast<std::size_t>(length));
    at += length;
  }
  return true;
}

std::string text_of(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(family, bytes, text.data(), text.size());
  return text.data();
}

bool read_record(Message& message, DnsRecords& records) {
  std::uint16_t type = 0;
  std::uint16_t kind = 0;
  std::uint16_t size = 0;
  constexpr std::ptrdiff_t time_to_live = 4;
  if (!message.skip_name() || !message.number(type) || !message.number(kind) ||
      !message.skip(time_to_live) || !message.number(size)) {
    return false;
  }
  auto data = message;
  if (!message.skip(size)) return false;
  if (kind != ns_c_in) return true;
  if (type == ns_t_a && size == sizeof(in_addr)) {
    records.addresses.push_back(text_of(AF_INET, data.here()));
  } else if (type == ns_t_aaaa && size == sizeof(in6_addr)) {
    records.addresses.push_back(text_of(AF_INET6, data.here()));
  } else if (type == ns_t_cname) {
    return data.name(records.alias);
  } else if (type == ns_t_txt) {
    return read_text(data, size, records.texts.emplace_back());
  }
  return true;
}

// Where a datagram to `target` would leave from. Connecting one sends nothing.
std::optional<std::string> source_towards(int family, const sockaddr* target, socklen_t size) {
  const int fd = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return std::nullopt;
  sockaddr_storage own{};
  socklen_t own_size = sizeof own;
  const bool known = ::connect(fd, target, size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &own_size) == 0;
  ::close(fd);
  if (!known) return std::nullopt;
  if (family == AF_INET) return text_of(family, &reinterpret_cast<sockaddr_in&>(own).sin_addr);
  return text_of(family, &reinterpret_cast<sockaddr_in6&>(own).sin6_addr);
}

bool is_public_v4(std::uint32_t address) {
  struct Range {
    std::uint32_t first;
    unsigned bits;
  };
  // RFC 6890: "this" network, private, shared, loopback, link-local, private, private; multicast
  // and what is above.
  static constexpr std::array<Range, 8> special{{{0x00000000, 8},
                                                 {0x0A000000, 8},
                                                 {0x64400000, 10},
                                                 {0x7F000000, 8},
                                                 {0xA9FE0000, 16},
                                                 {0xAC100000, 12},
                                                 {0xC0A80000, 16},
                                                 {0xE0000000, 3}}};
  for (const auto& range : special) {
    if ((address ^ range.first) >> (32 - range.bits) == 0) return false;
  }
  return true;
}

}  // namespace

Task<DnsAnswer> Resolver::addresses(std::string name) {
  auto held = co_await mutex_.lock();
  co_return co_await loop_.offload([name, server = server_] {
    Asking asking(server);
    return answer_of(asking, name);
  });
}

Task<std::vector<std::string>> Resolver::texts(std::string name) {
  auto held = co_await mutex_.lock();
  co_return co_await loop_.offload([name, server = server_] {
    Asking asking(server);
    const auto said = asking.ask(name, ns_t_txt);
    auto records = parse_dns_message(said.message);
    if (said.outcome != DnsOutcome::found || !records) return std::vector<std::string>{};
    return std::move(records->texts);
  });
}

Result<DnsRecords> parse_dns_message(std::string_view bytes) {
  Message message(bytes);
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  constexpr std::ptrdiff_t id_and_flags = 4;
  constexpr std::ptrdiff_t other_counts = 4;
  bool whole = message.skip(id_and_flags) && message.number(questions) && message.number(answers) &&
               message.skip(other_counts);
  constexpr std::ptrdiff_t type_and_class = 4;
  for (; whole && questions > 0; --questions) {
    whole = message.skip_name() && message.skip(type_and_class);
  }
  DnsRecords records;
  for (; whole && answers > 0; --answers) whole = read_record(message, records);
  if (!whole) return fail(errors::bad_answer, "the name server's message ends too early");
  return records;
}

std::optional<std::string> canonical_address(std::string_view text) {
  const std::string terminated(text);
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, terminated.c_str(), bytes.data()) == 1) {
      return text_of(family, bytes.data());
    }
  }
  return std::nullopt;
}

bool is_public_address(std::string_view address) {
  const std::string terminated(address);
  in_addr v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (::inet_pton(AF_INET6, terminated.c_str(), &v6) != 1) return false;
  constexpr unsigned global_unicast = 0x20;  // 2000::/3 (RFC 4291)
  return (v6.s6_addr[0] & 0xE0U) == global_unicast;
}

std::vector<std::string> default_route_addresses() {
  // Any address far away will do; these belong to documentation (RFC 5737, RFC 3849).
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(9);
  ::inet_pton(AF_INET, "203.0.113.1", &v4.sin_addr);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(9);
  ::inet_pton(AF_INET6, "2001:db8::1", &v6.sin6_addr);
  std::vector<std::string> found;
  for (auto& own : {source_towards(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4),
                    source_towards(AF_INET6, reinterpret_cast<const sockaddr*>(&v6), sizeof v6)}) {
    if (own && is_public_address(*own)) found.push_back(*own);
  }
  return found;
}

}  // namespace temps::net
