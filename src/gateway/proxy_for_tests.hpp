// The proxy's end of the control socket, for tests: notes each request and gives the answer that
// the test wants.
#pragma once
#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/concurrency.hpp"
#include "net/socket.hpp"
#include "routing/table.hpp"

namespace temps::gateway {

class ProxyForTests {
 public:
  // Yields whole lines; an empty text hangs up.
  using Answer = std::function<Task<std::string>(routing::ControlRequest)>;

  ProxyForTests(net::Loop& loop, const std::filesystem::path& socket, Answer answer)
      : listener_(open(loop, socket)), answer_(std::move(answer)), group_(loop) {
    group_.start("control", serve());
  }

  std::vector<routing::ControlRequest> requests;

  Task<> close() {
    listener_.close();
    co_await group_.close();
  }

 private:
  static net::Listener open(net::Loop& loop, const std::filesystem::path& socket) {
    auto listener = net::Listener::open(loop, {.host = {}, .path = socket.string()});
    ensure(listener.has_value(), "cannot listen on the control socket");
    return std::move(*listener);
  }
  Task<> serve() {
    for (;;) group_.start("conversation", converse(co_await listener_.accept()));
  }
  Task<> converse(net::Descriptor client) {
    std::string line;
    std::array<char, 4096> buffer{};
    while (!line.ends_with('\n')) {
      const auto got = co_await client.read_some(buffer);
      if (got == 0) co_return;
      line.append(buffer.data(), got);
    }
    requests.push_back(routing::decode_control_request(line).value());
    const auto answer = co_await answer_(requests.back());
    // In two parts, as a stream may bring it.
    const auto half = answer.size() / 2;
    co_await client.write_all(std::string_view(answer).substr(0, half));
    co_await sleep(std::chrono::milliseconds(1));
    co_await client.write_all(std::string_view(answer).substr(half));
  }

  net::Listener listener_;
  Answer answer_;
  TaskGroup group_;
};

}  // namespace temps::gateway
