#include "testbed/pebble.hpp"

#include <fmt/core.h>

#include "core/concurrency.hpp"
#include "http/client.hpp"
#include "net/socket.hpp"
#include "tls/tls.hpp"

namespace temps::testbed {
namespace {

using namespace std::chrono_literals;

std::string configuration(const PebbleOptions& options, std::uint16_t port,
                          std::uint16_t management_port) {
  return fmt::format(R"({{"pebble":{{
    "listenAddress":"127.0.0.1:{}","managementListenAddress":"127.0.0.1:{}",
    "certificate":"chain.pem","privateKey":"key.pem","httpPort":{},"tlsPort":{},
    "ocspResponderURL":"","externalAccountBindingRequired":{},
    "externalAccountMACKeys":{{"kid-1":"{}"}}}}}})",
                     port, management_port, options.http_port, options.tls_port,
                     options.external_account, Pebble::external_hmac_key);
}

}  // namespace

Pebble::Pebble(net::Loop& loop, std::uint16_t port, std::uint16_t management_port)
    : loop_(&loop), port_(port), management_port_(management_port) {}

Task<Pebble> Pebble::start(net::Loop& loop, PebbleOptions options) {
  const auto port = co_await net::free_port();
  const auto management_port = co_await net::free_port();
  Pebble pebble(loop, port, management_port);
  co_await pebble.prepare(options);
  co_await pebble.launch(options);
  co_await within(20s, pebble.until_it_answers());
  co_return pebble;
}

Task<> Pebble::prepare(PebbleOptions options) {
  const auto& folder = folder_->path();
  const Authority authority("Authority of the test's pebble");
  const auto own = authority.issue({.names = {"localhost", "127.0.0.1"}});
  co_await files::write_atomically(folder / "ca.pem", authority.pem());
  co_await files::write_atomically(folder / "chain.pem", own.chain);
  co_await files::write_atomically(folder / "key.pem", own.key);
  co_await files::write_atomically(folder / "config.json",
                                   configuration(options, port_, management_port_));
}

Task<> Pebble::launch(PebbleOptions options) {
  const auto& folder = folder_->path();
  auto environment = process::base_environment();
  environment["PEBBLE_VA_NOSLEEP"] = "1";
  environment["PEBBLE_AUTHZREUSE"] = "0";
  environment["PEBBLE_WFE_NONCEREJECT"] = std::to_string(options.nonces_refused_percent);
  child_ = co_await process::Child::start(
      *loop_,
      {.command = {"pebble", "-config", "config.json", "-dnsserver", options.dns_server, "-strict"},
       .environment = std::move(environment),
       .folder = folder,
       .out = process::Output::to_file,
       .merge_err_into_out = true,
       .out_file = folder / "pebble.log",
       .dies_with_parent = true});
}

std::string Pebble::directory_url() const { return fmt::format("https://localhost:{}/dir", port_); }

Task<> Pebble::until_it_answers() {
  http::Client client(*loop_, co_await http::parse_url(directory_url()),
                      co_await tls::Trust::load(ca_file()));
  while (!child_->has_exited()) {
    const auto response = co_await attempt(client.send({.target = "/dir"}, 1s));
    if (response && response->status == 200) co_return;
    co_await sleep(20ms);
  }
  co_await fail(temps::errors::internal, "pebble ended: {}",
                co_await files::read(folder_->path() / "pebble.log"));
}

Task<std::string> Pebble::issuing_root() {
  const auto url =
      co_await http::parse_url(fmt::format("https://localhost:{}/roots/0", management_port_));
  http::Client client(*loop_, url, co_await tls::Trust::load(ca_file()));
  auto response = co_await client.send({.target = url.path}, 5s);
  co_return std::move(response.body);
}

Task<> Pebble::stop() {
  if (!child_) co_return;
  co_await child_->stop(2s);
  child_.reset();
}

}  // namespace temps::testbed
