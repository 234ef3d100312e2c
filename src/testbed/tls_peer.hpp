// A server that speaks TLS on 127.0.0.1: reads the head of a request, gives one answer and ends.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"
#include "testbed/authority.hpp"

namespace temps::testbed {

// How the connection ends: with the word that TLS has for it, or without.
enum class Ending : std::uint8_t { announced, cut_off };

struct TlsPeerOptions {
  Identity identity;
  std::string answer{};  // empty: ends after the handshake
  std::string alpn{};    // the only protocol taken; empty: whatever is offered, unanswered
  Ending ending = Ending::announced;
  std::string ciphers{};  // of TLS 1.2, which is then the only version
};

class TlsPeer {
 public:
  TlsPeer(net::Loop& loop, TlsPeerOptions options);
  // close() must have ended.
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  [[nodiscard]] const net::Address& address() const { return listener_.address(); }
  // What came in, one text per connection whose handshake succeeded.
  [[nodiscard]] const std::vector<std::string>& heard() const { return heard_; }
  // The names that clients asked for (SNI), empty where one asked for none.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // From the next connection on.
  void use(Identity identity) { options_.identity = std::move(identity); }
  Task<> close();

 private:
  Task<> accept();
  Task<> serve(net::Descriptor connection);

  net::Listener listener_;
  TlsPeerOptions options_;
  std::vector<std::string> heard_;
  std::vector<std::string> names_;
  TaskGroup tasks_;
};

}  // namespace temps::testbed
