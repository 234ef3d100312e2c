#include <array>

#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "dns/errors.hpp"
#include "dns/providers.hpp"
#include "net/socket.hpp"

namespace temps::dns {

namespace {
constexpr auto ask_time = std::chrono::seconds(10);
}  // namespace

// Over TCP each message has its length before it (RFC 1035 4.2.2).
Task<std::string> UpdatedServer::ask(std::string message) {
  auto socket = co_await net::connect(loop_, co_await net::parse_address(provider_.server));
  const auto size = message.size();
  const std::string head{static_cast<char>(size >> 8U), static_cast<char>(size)};
  co_await socket.write_all(head + message);
  std::string answer;
  std::array<char, 4096> buffer{};
  const auto length = [&answer] {
    return answer.size() < 2
               ? std::string::npos
               : (static_cast<std::size_t>(static_cast<unsigned char>(answer[0])) << 8U |
                  static_cast<unsigned char>(answer[1])) +
                     2;
  };
  while (answer.size() < length()) {
    const auto got = co_await socket.read_some(buffer);
    if (got == 0) co_await fail(errors::bad_answer, "the name server hangs up in mid-answer");
    answer.append(buffer.data(), got);
  }
  co_return answer.substr(2, length() - 2);
}

Task<> UpdatedServer::change(TextRecord record, Change wanted) {
  const auto random = random_bytes(2);
  const Update update{.id = static_cast<std::uint16_t>(static_cast<unsigned char>(random[0]) << 8U |
                                                       static_cast<unsigned char>(random[1])),
                      .zone = provider_.zone,
                      .record = std::move(record),
                      .change = wanted};
  const auto made = co_await signed_update(update, key_, clock_.now());
  auto answer = co_await attempt(within(ask_time, ask(made.message)));
  co_await check_cancelled();
  if (!answer) {
    co_await fail(errors::unreachable, "the name server {} does not take changes over TCP: {}",
                  provider_.server, answer.error().detail());
  }
  co_await check_answer(*answer, update, key_, made.mac);
}

Task<> UpdatedServer::put(TextRecord record) { co_await change(std::move(record), Change::add); }
Task<> UpdatedServer::remove(TextRecord record) {
  co_await change(std::move(record), Change::remove);
}

}  // namespace temps::dns
