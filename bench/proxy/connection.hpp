// One connection of the load generator to the proxy under test.
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/answer_reader.hpp"
#include "proxy/client_tls.hpp"

namespace temps::bench {

using Clock = std::chrono::steady_clock;

// How a connection ends: with a reset, thousands a second leave no TIME_WAIT behind.
enum class Ending : std::uint8_t { orderly, reset };

class Connection {
 public:
  enum class State : std::uint8_t { closed, connecting, handshake, open, waiting };
  enum class Event : std::uint8_t { none, ready, answered, failed };

  Connection() = default;
  ~Connection() { close(Ending::orderly); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins to connect to a port of this machine, and to watch it in `epoll`. False: it failed.
  bool open(int epoll, std::uint16_t port);
  // Sends what `answer` was told to expect an answer to. False: it failed.
  bool send(std::string_view bytes, Clock::time_point due);
  void close(Ending ending);

  // Goes on after epoll's events. A connection that is set up is `ready`.
  Event on_events(std::uint32_t events, const ClientTls* tls);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Clock::time_point due() const { return due_; }  // when the request was to be sent
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] std::uint64_t take_received_bytes();
  [[nodiscard]] bool was_resumed() const;

  AnswerReader answer;
  std::string host;         // for TLS
  std::size_t request = 0;  // which of the load's requests is under way
  bool is_upgraded = false;

 private:
  Event fail(std::string_view what);
  Event go_on_with_handshake();
  Event read_answer();
  void watch(std::uint32_t events);

  int epoll_ = -1;
  int fd_ = -1;
  ssl_st* session_ = nullptr;
  State state_ = State::closed;
  std::uint32_t watched_ = 0;
  Clock::time_point due_{};
  std::uint64_t received_bytes_ = 0;
  std::string failure_;
};

}  // namespace temps::bench
