// Everything that ordering needs: a real PostgreSQL, the real proxy, a name server of the test.
#pragma once
#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "certificates/issuance.hpp"
#include "certificates/module.hpp"
#include "certificates/order_queries.hpp"
#include "core/testing.hpp"
#include "dns/module.hpp"
#include "domains/module.hpp"
#include "files/files.hpp"
#include "jobs/module.hpp"
#include "net/socket.hpp"
#include "projects/module.hpp"
#include "proxy/proxy.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "testbed/dns_peer.hpp"
#include "testbed/pebble.hpp"
#include "tls/tls.hpp"

namespace temps::certificates {

// Our clock, to be set ahead.
class MovedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return real_.now() + by; }
  std::chrono::microseconds by{0};

 private:
  SystemClock real_;
};

struct IssuanceTest : testbed::DatabaseTest {
  // One process of `serve`: ended and made anew by restart().
  struct Serve {
    explicit Serve(IssuanceTest& test)
        : vault(test.vault_options),
          gateway(test.loop, test.gateway_options),
          domains(test.database, test.projects, test.loop, test.domain_options, test.clock),
          dns(test.loop, test.database, vault, test.clock),
          certificates(test.database, vault, domains, gateway, test.options, test.clock),
          queue(test.database, test.loop, test.clock, {.poll = std::chrono::milliseconds(20)}),
          issuance(test.loop, test.database, vault, domains, dns, certificates, gateway, queue,
                   test.options, test.clock),
          group(test.loop) {
      issuance.start();
      domains.watch_with(
          [this](domains::Domain domain) { return issuance.want(std::move(domain)); });
      gateway.watch_with([this] { issuance.wake(); });
    }
    vault::Vault vault;
    gateway::Gateway gateway;
    domains::Domains domains;
    dns::Dns dns;
    Certificates certificates;
    jobs::Queue queue;
    Issuance issuance;
    TaskGroup group;
  };

  MovedClock clock;
  files::TemporaryFolder folder;
  testbed::DnsPeer dns{loop};
  Options options{.folder = folder.path() / "certificates",
                  .challenge_folder = folder.path() / "challenges",
                  .authority = {.has_tls_listener = true}};
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  gateway::Options gateway_options{.table = folder.path() / "routes.json",
                                   .control = folder.path() / "control.sock",
                                   .console = {.id = "console", .address = "unix:/console"}};
  domains::Options domain_options{.public_addresses = {"127.0.0.1"}, .name_server = dns.address()};
  projects::Projects projects{database, clock};
  std::optional<projects::Project> shop;
  std::unique_ptr<proxy::Proxy> proxy;
  std::unique_ptr<Serve> serve;

  IssuanceTest() {
    auto all = jobs::migrations();
    for (auto part :
         {projects::migrations(), domains::migrations(), dns::migrations(), migrations()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    start_proxy();
  }
  // What was started must have ended.
  Task<> close() {
    co_await stop_serve();
    co_await dns.close();
  }
  void start_proxy() {
    auto started = proxy::Proxy::start({.listen = {"127.0.0.1:0"},
                                        .listen_tls = {"127.0.0.1:0"},
                                        .table_path = gateway_options.table.string(),
                                        .control_path = gateway_options.control.string(),
                                        .threads = 2,
                                        .drain_limit = std::chrono::seconds(1)});
    ensure(started.has_value(), "the proxy starts");
    proxy = std::move(*started);
  }
  static std::uint16_t port_of(const std::string& address) {
    return net::parse_address(address)->port;
  }
  [[nodiscard]] net::Address tls_address() const {
    return net::parse_address(proxy->tls_addresses().at(0)).value();
  }
  Task<testbed::Pebble> start_pebble() {
    auto pebble =
        co_await testbed::Pebble::start(loop, {.dns_server = dns.address(),
                                               .http_port = port_of(proxy->addresses().at(0)),
                                               .tls_port = port_of(proxy->tls_addresses().at(0))});
    use(pebble);
    co_return pebble;
  }
  void use(const testbed::Pebble& pebble) {
    options.authority.directory_url = pebble.directory_url();
    options.authority.ca_file = pebble.ca_file();
  }
  Task<> start_serve() {
    serve = std::make_unique<Serve>(*this);
    if (!shop) shop = co_await projects.create("shop");
    co_await serve->certificates.restore();
    co_await serve->issuance.prepare();
    serve->queue.start();
    serve->group.start("issuance", serve->issuance.supervise());
  }
  Task<> stop_serve() {
    if (!serve) co_return;
    co_await serve->group.close();
    co_await serve->queue.close();
    serve.reset();
  }
  Task<domains::Domain> add(std::string name) {
    auto published = co_await serve->domains.add(*shop, {.name = std::move(name)});
    co_return std::move(published.domain);
  }
  Task<std::optional<Order>> order(domains::Domain domain) {
    co_return co_await order_named(domain.name);
  }
  Task<std::optional<Order>> order_named(std::string name) {
    co_return co_await database.maybe(queries::order_of, name);
  }
  // Waits until it is so, for half a minute at most.
  Task<Order> until(domains::Domain domain, OrderState state) {
    co_return co_await until_named(domain.name, state);
  }
  Task<Order> until_named(std::string name, OrderState state) {
    std::optional<Order> seen;
    for (int i = 0; i < 3000; ++i) {
      seen = co_await order_named(name);
      if (seen && seen->state == state) co_return std::move(*seen);
      co_await sleep(std::chrono::milliseconds(10));
    }
    co_await fail(temps::errors::timed_out, "it is {}: {}",
                  seen ? reflect::enum_name(seen->state) : "nowhere", seen ? seen->detail : "");
    co_return Order{};
  }
  // A visitor's handshake, name and chain checked.
  Task<> visit(std::string name, tls::Trust trust) {
    auto socket = co_await net::connect(loop, tls_address());
    auto stream = co_await tls::Stream::connect(std::move(socket), std::move(trust),
                                                {.host = std::move(name)});
    stream.close();
  }
  Task<tls::Trust> root_of(testbed::Pebble& pebble) {
    const auto file = folder.path() / "root.pem";
    co_await files::write_atomically(file, co_await pebble.issuing_root());
    co_return co_await tls::Trust::load(file);
  }
};

}  // namespace temps::certificates
