// A running proxy with a table in a temporary folder. For tests only.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "files/files.hpp"
#include "proxy/proxy.hpp"
#include "proxy/sockets_for_tests.hpp"
#include "routing/table.hpp"

namespace temps::proxy::testing {

class ProxyTest : public ::testing::Test {
 protected:
  files::TemporaryFolder folder;
  routing::Table table{.version = 1};
  Limits limits{};
  std::chrono::seconds drain_limit{5};
  unsigned threads = 2;
  std::int32_t wait_seconds = 0;  // for apps that take no connections
  std::vector<std::string> trusted_proxies{};
  std::vector<std::string> proxy_protocol_from{};
  std::string metrics_listen{};
  AccessLogOptions access_log{};
  bool kernel_tls = true;
  std::unique_ptr<Proxy> proxy;

  [[nodiscard]] std::string table_path() const { return folder.path() / "routes.json"; }
  [[nodiscard]] std::string control_path() const { return folder.path() / "proxy.sock"; }

  void add_app(const std::string& host, std::vector<std::string> addresses) {
    routing::Route route{.host = host, .wait_seconds = wait_seconds};
    int number = 0;
    for (auto& address : addresses)
      route.upstreams.push_back({host + "-" + std::to_string(++number), std::move(address)});
    table.routes.push_back(std::move(route));
  }
  void write_table() {
    const auto written = files::write_atomically(table_path(), routing::encode_table(table));
    ASSERT_TRUE(written.has_value());
  }
  void start() {
    write_table();
    start_without_table();
  }
  void start_without_table() {
    auto started = Proxy::start({.listen = {"127.0.0.1:0"},
                                 .listen_tls = {"127.0.0.1:0"},
                                 .table_path = table_path(),
                                 .control_path = control_path(),
                                 .threads = threads,
                                 .drain_limit = drain_limit,
                                 .trusted_proxies = trusted_proxies,
                                 .proxy_protocol_from = proxy_protocol_from,
                                 .metrics_listen = metrics_listen,
                                 .limits = limits,
                                 .access_log = access_log,
                                 .kernel_tls = kernel_tls});
    ASSERT_TRUE(started.has_value()) << started.error().detail();
    proxy = std::move(*started);
  }
  [[nodiscard]] Peer client() const { return Peer::to(proxy->addresses().at(0)); }
  [[nodiscard]] const std::string& tls_address() const { return proxy->tls_addresses().at(0); }
  [[nodiscard]] Message ask(std::string_view request) const { return client().ask(request); }

  routing::ControlReply control(const routing::ControlRequest& request) const {
    auto peer = Peer::to("unix:" + control_path());
    peer.write(routing::encode_control(request));
    const auto reply = routing::decode_control_reply(trimmed(peer.read_until("\n")));
    EXPECT_TRUE(reply.has_value());
    return reply.value_or(routing::ControlReply{.error = "no reply"});
  }
  // Writes the next version of the table and waits until it is in force.
  routing::ControlReply load_next() {
    ++table.version;
    write_table();
    return control({.load = table.version});
  }
  [[nodiscard]] std::int64_t in_flight(const std::string& id) const {
    for (const auto& load : control({.status = true}).upstreams)
      if (load.id == id) return load.in_flight;
    return 0;
  }
  // Waits for what another thread is about to make true.
  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 500; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

}  // namespace temps::proxy::testing
