// Everything that certificates need: a real PostgreSQL, an authority, a proxy that takes or refuses
// every table.
#pragma once
#include <memory>
#include <string>

#include "certificates/certificates.hpp"
#include "certificates/module.hpp"
#include "core/testing.hpp"
#include "domains/module.hpp"
#include "files/files.hpp"
#include "gateway/proxy_for_tests.hpp"
#include "projects/module.hpp"
#include "sql/catalogue.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "x509/authority_for_tests.hpp"

namespace temps::certificates {

struct CertificatesTest : testbed::DatabaseTest {
  // One process of `serve`: made anew by restart().
  struct Serve {
    explicit Serve(CertificatesTest& test)
        : vault(test.vault_options),
          gateway(test.loop, test.gateway_options),
          certificates(test.database, vault, test.domains, gateway, test.options, test.clock) {}
    vault::Vault vault;
    gateway::Gateway gateway;
    Certificates certificates;
  };

  FakeClock clock;
  files::TemporaryFolder folder;
  Options options{.folder = folder.path() / "certificates"};
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  gateway::Options gateway_options{.table = folder.path() / "routes.json",
                                   .control = folder.path() / "control.sock",
                                   .console = {.id = "console", .address = "unix:/console"}};
  domains::Options domain_options{.name_server = "127.0.0.1:1"};
  projects::Projects projects{database, clock};
  domains::Domains domains{database, projects, loop, domain_options, clock};
  x509::AuthorityForTests authority;
  std::string proxy_refuses;
  std::unique_ptr<gateway::ProxyForTests> proxy;
  std::unique_ptr<Serve> serve;
  Certificates* certificates = nullptr;

  CertificatesTest() {
    auto all = projects::migrations();
    for (auto& migration : domains::migrations()) all.push_back(migration);
    for (auto& migration : migrations()) all.push_back(migration);
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    proxy = std::make_unique<gateway::ProxyForTests>(
        loop, gateway_options.control, [this](routing::ControlRequest request) {
          return [](std::string error, routing::ControlRequest asked) -> Task<std::string> {
            co_return routing::encode_control(
                routing::ControlReply{.error = error, .version = asked.load.value_or(0)});
          }(proxy_refuses, std::move(request));
        });
    restart();
  }
  ~CertificatesTest() override { EXPECT_TRUE(loop.run(proxy->close()).has_value()); }

  void restart() {
    serve = std::make_unique<Serve>(*this);
    certificates = &serve->certificates;
  }
  Task<Certificate> upload(x509::Issued issued) {
    auto published =
        co_await certificates->upload({.chain = issued.certificate, .key = Secret(issued.key)});
    EXPECT_EQ(published.reach, gateway::Reach::in_force);
    co_return std::move(published.certificate);
  }
  routing::Table table() {
    return routing::decode_table(files::read(gateway_options.table).value()).value();
  }
};

}  // namespace temps::certificates
