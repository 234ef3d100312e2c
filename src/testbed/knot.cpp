#include "testbed/knot.hpp"

#include <fmt/core.h>

#include "core/concurrency.hpp"
#include "net/socket.hpp"

namespace temps::testbed {

using namespace std::chrono_literals;

Task<Knot> Knot::start(net::Loop& loop, std::string zone) {
  Knot knot(loop, co_await net::free_port());
  co_await knot.launch(std::move(zone));
  co_await within(20s, knot.until_it_answers());
  co_return knot;
}

std::string Knot::address() const { return fmt::format("127.0.0.1:{}", port_); }

Task<> Knot::launch(std::string zone) {
  const auto& folder = folder_->path();
  co_await files::write_atomically(
      folder / "zone",
      fmt::format("$ORIGIN {0}.\n@ 60 SOA ns.{0}. nobody.{0}. 1 60 60 3600 1\n@ 60 NS ns.{0}.\n"
                  "ns 60 A 127.0.0.1\n",
                  zone));
  co_await files::write_atomically(
      folder / "knot.conf",
      fmt::format("server:\n  listen: 127.0.0.1@{0}\n  rundir: {1}\n"
                  "database:\n  storage: {1}\n"
                  "log:\n  - target: stderr\n    any: info\n"
                  "key:\n  - id: {2}\n    algorithm: hmac-sha256\n    secret: {3}\n"
                  "acl:\n  - id: updates\n    key: {2}\n    action: update\n"
                  "zone:\n  - domain: {4}\n    storage: {1}\n    file: zone\n    acl: updates\n",
                  port_, folder.string(), key_name, key, zone));
  child_ = co_await process::Child::start(*loop_, {.command = {"knotd", "-c", "knot.conf"},
                                                   .environment = process::base_environment(),
                                                   .folder = folder,
                                                   .out = process::Output::to_file,
                                                   .merge_err_into_out = true,
                                                   .out_file = folder / "knot.log",
                                                   .dies_with_parent = true});
}

Task<> Knot::until_it_answers() {
  while (!child_->has_exited()) {
    auto connected =
        co_await attempt(net::connect(*loop_, {.host = "127.0.0.1", .port = port_, .path = {}}));
    if (connected) co_return;
    co_await sleep(20ms);
  }
  co_await fail(temps::errors::internal, "knotd ended: {}",
                co_await files::read(folder_->path() / "knot.log"));
}

Task<> Knot::stop() {
  if (!child_) co_return;
  co_await child_->stop(2s);
  child_.reset();
}

}  // namespace temps::testbed
