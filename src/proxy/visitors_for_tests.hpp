// Visitors that never pause, of every kind that a proxy meets, to count what fails while something
// happens to it. For tests only.
#pragma once
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proxy/sockets_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {

class Visitors {
 public:
  struct Place {
    std::string plain;  // address
    std::string tls;
    std::string host = "shop.test";
    std::string expected = "ok";  // the body
  };
  explicit Visitors(Place place) : place_(std::move(place)) {
    add("kept", [this] { kept(std::chrono::milliseconds(0)); });
    add("kept, with pauses", [this] { kept(std::chrono::milliseconds(30)); });
    add("new each time", [this] { each_anew(); });
    add("kept over TLS", [this] { kept_over_tls(); });
    add("new over TLS each time", [this] { each_anew_over_tls(); });
    add("HTTP/2", [this] { over_http2(); });
  }
  ~Visitors() { stop(); }
  Visitors(const Visitors&) = delete;
  Visitors& operator=(const Visitors&) = delete;

  // Lets each end the visit it is at.
  void stop() {
    stopping_ = true;
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  [[nodiscard]] int answered() const { return answered_; }
  [[nodiscard]] std::vector<std::string> failures() {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  void add(std::string kind, std::function<void()> visit) {
    for (int i = 0; i < 2; ++i)
      threads_.emplace_back([this, kind, visit] {
        while (!stopping_) {
          current() = kind;
          visit();
        }
      });
  }
  static std::string& current() {
    thread_local std::string kind;
    return kind;
  }
  // Whether the connection may go on.
  bool note(const Message& answer, int number) {
    if (answer.is_whole && answer.status() == 200 && answer.body == place_.expected) {
      ++answered_;
      return answer.field("Connection") != "close";
    }
    fail("request " + std::to_string(number) +
         " of a connection: " + std::to_string(answer.status()) + " " + answer.body.substr(0, 100));
    return false;
  }
  void fail(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() < 20) failures_.push_back(current() + ": " + what);
  }
  [[nodiscard]] std::string request(std::string_view fields = {}) const {
    return get("/", fields, place_.host);
  }

  void kept(std::chrono::milliseconds pause) {
    auto peer = Peer::to(place_.plain);
    for (int i = 0; !stopping_; ++i) {
      if (!note(peer.ask(request()), i)) return;
      std::this_thread::sleep_for(pause);
    }
  }
  void each_anew() { note(Peer::to(place_.plain).ask(request("Connection: close\r\n")), 0); }
  void kept_over_tls() {
    TlsPeer peer(place_.tls, {.name = place_.host, .trust = {}});
    if (!peer.shake_hands()) return fail("no handshake");
    for (int i = 0; !stopping_; ++i)
      if (!note(peer.ask(request()), i)) return;
  }
  // Each resumes the session of the one before.
  void each_anew_over_tls() {
    SSL_SESSION* session = nullptr;
    while (!stopping_) {
      TlsPeer peer(place_.tls, {.name = place_.host, .trust = {}});
      if (!peer.shake_hands(session)) {
        fail("no handshake");
      } else {
        if (session != nullptr && !peer.is_resumed()) fail("not resumed");
        note(peer.ask(request("Connection: close\r\n")), 0);
      }
      ::SSL_SESSION_free(session);
      session = peer.session();
    }
    ::SSL_SESSION_free(session);
  }
  // Several requests at a time; none is begun after the server has said that it ends.
  void over_http2() {
    TlsPeer tls(place_.tls, {.name = place_.host, .trust = {}, .protocols = {"h2"}});
    if (!tls.shake_hands()) return fail("no handshake");
    Http2Peer peer(tls);
    while (!stopping_ && !peer.has_goaway()) {
      std::vector<int> ids;
      for (int i = 0; i < 3; ++i) ids.push_back(peer.submit(Http2Peer::get("/", place_.host)));
      const bool ended = peer.run([&] {
        return std::ranges::all_of(ids, [&](int id) { return peer.answer(id).is_ended; });
      });
      for (const int id : ids) {
        const auto& answer = peer.answer(id);
        if (ended && answer.status == 200 && answer.body == place_.expected) {
          ++answered_;
        } else {
          fail("stream " + std::to_string(id) + ": " + std::to_string(answer.status) + " reset " +
               std::to_string(answer.reset_code));
        }
      }
    }
  }

  Place place_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> answered_{0};
  std::mutex mutex_;
  std::vector<std::string> failures_;
  std::vector<std::thread> threads_;
};

}  // namespace temps::proxy::testing
