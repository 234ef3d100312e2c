#include "gateway/gateway.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "core/log.hpp"
#include "core/random.hpp"
#include "files/files.hpp"
#include "net/errors.hpp"
#include "net/socket.hpp"

namespace temps::gateway {

namespace {

// Longer than the proxy gives its loops to take a table: its refusal must reach us.
constexpr auto answer_time = std::chrono::seconds(10);
constexpr int publish_tries = 2;
constexpr std::size_t reply_bytes_max = 4U << 20U;
constexpr std::size_t table_bytes_max = 64U << 20U;

Task<std::string> ask_line(net::Loop& loop, std::string path, std::string line) {
  auto socket = co_await net::connect(loop, net::Address{.host = {}, .path = std::move(path)});
  co_await socket.write_all(line);
  std::string reply;
  std::array<char, 4096> buffer{};
  while (!reply.ends_with('\n')) {
    const auto got = co_await socket.read_some(buffer);
    if (got == 0 || reply.size() > reply_bytes_max) {
      co_await fail(errors::no_answer, "the proxy ended the conversation");
    }
    reply.append(buffer.data(), got);
  }
  co_return reply;
}

// Nobody listens. All else may be said by a proxy that is only busy.
bool is_away(const Error& error) { return error.is(net::errors::unreachable); }

bool is_broken(const Error& error) {
  return !is_away(error) && !error.is(temps::errors::timed_out) &&
         error.code().kind != ErrorKind::cancelled;
}

// The table on disk: its numbering goes on, so that a proxy that outlived us sees a newer one, and
// what nobody has published yet stays in force.
routing::Table former(const std::filesystem::path& path) {
  auto text = files::read(path, table_bytes_max);
  if (!text) return {};
  auto table = routing::decode_table(*text);
  return table ? std::move(*table) : routing::Table{};
}

// Visitors are sent to https only where they meet a certificate there: a new domain answers over
// http until it has one.
void settle_https(routing::Table& table, const std::string& console_host) {
  std::unordered_set<std::string_view> names;
  for (const auto& certificate : table.certificates) {
    names.insert(certificate.names.begin(), certificate.names.end());
  }
  const auto is_covered = [&names](const std::string& host) {
    const auto dot = host.find('.');
    return names.contains(host) ||
           (dot != std::string::npos && names.contains("*" + host.substr(dot)));
  };
  for (auto& route : table.routes) {
    route.https_only = route.https_only && is_covered(route.host);
  }
  table.https_console_hosts.clear();
  if (!console_host.empty() && is_covered(console_host)) {
    table.https_console_hosts.push_back(console_host);
  }
}

}  // namespace

Task<routing::ControlReply> Gateway::ask(routing::ControlRequest request) {
  auto line = co_await within(
      answer_time, ask_line(loop_, options_.control.string(), routing::encode_control(request)));
  co_return co_await routing::decode_control_reply(line);
}

Task<Reach> Gateway::put_in_force() {
  auto table = *wanted_;
  settle_https(table, options_.https_console_host);
  table.console = options_.console;
  table.console_hosts = options_.console_hosts;
  table.https_port = options_.https_port;
  // Stays as it is, in the file, so that visitors stay where they are.
  if (table.sticky_key.empty()) {
    table.sticky_key = random_token(32);
    wanted_->sticky_key = table.sticky_key;
  }
  co_await files::write_atomically(options_.table, routing::encode_table(table), 0600);
  auto reply = co_await attempt(ask({.load = table.version}));
  // One that ended the conversation may just be starting again.
  for (int tries = 1; tries < publish_tries && !reply && is_broken(reply.error()); ++tries) {
    reply = co_await attempt(ask({.load = table.version}));
  }
  if (!reply && reply.error().code().kind == ErrorKind::cancelled) co_await fail(reply.error());
  if (!reply && !is_away(reply.error())) {
    co_await fail(Error(errors::no_answer,
                        "the proxy runs but does not take the new routes; look into its log, and "
                        "start it again if it hangs: systemctl restart temps-proxy")
                      .because(std::string(reply.error().detail())));
  }
  if (!reply) {
    log::warning("the proxy did not take the route table; it will when it starts",
                 {{"version", table.version}, {"detail", reply.error().detail()}});
    co_return Reach::proxy_away;
  }
  if (!reply->error.empty()) co_await fail(errors::refused, "{}", reply->error);
  co_return Reach::in_force;
}

routing::Table& Gateway::wanted() {
  if (!wanted_) wanted_ = former(options_.table);
  return *wanted_;
}

Task<routing::Table> Gateway::present() {
  auto held = co_await mutex_.lock();
  co_return wanted();
}

template <class Part>
Task<Reach> Gateway::replace(Part routing::Table::* part, Part value) {
  auto held = co_await mutex_.lock();
  ++wanted().version;
  std::swap(wanted().*part, value);
  auto reach = co_await attempt(put_in_force());
  if (!reach) std::swap(wanted().*part, value);
  co_return co_await std::move(reach);
}

Task<Reach> Gateway::publish(std::vector<routing::Route> routes) {
  const auto reach = co_await replace(&routing::Table::routes, std::move(routes));
  if (watcher_) watcher_();
  co_return reach;
}

Task<Reach> Gateway::publish_certificates(std::vector<routing::Certificate> certificates) {
  co_return co_await replace(&routing::Table::certificates, std::move(certificates));
}

Task<Reach> Gateway::publish_challenges(std::vector<routing::Challenge> challenges) {
  co_return co_await replace(&routing::Table::challenges, std::move(challenges));
}

Task<std::optional<std::int64_t>> Gateway::in_flight(std::string upstream) {
  auto reply = co_await attempt(ask({.status = true}));
  if (!reply && reply.error().code().kind == ErrorKind::cancelled) co_await fail(reply.error());
  if (!reply) co_return is_away(reply.error()) ? std::optional<std::int64_t>(0) : std::nullopt;
  const auto found = std::ranges::find(reply->upstreams, upstream, &routing::UpstreamLoad::id);
  co_return found == reply->upstreams.end() ? 0 : found->in_flight;
}

Task<routing::ControlReply> Gateway::report() {
  auto reply = co_await attempt(ask({.report = true}));
  if (!reply && is_away(reply.error())) {
    co_await fail(errors::no_answer,
                  "no proxy runs with this data folder; start it: temps proxy, or temps up");
  }
  co_return co_await std::move(reply);
}

Task<std::optional<routing::UpstreamLoad>> Gateway::load_of(std::string upstream) {
  auto reply = co_await attempt(ask({.upstream = upstream}));
  if (!reply && reply.error().code().kind == ErrorKind::cancelled) co_await fail(reply.error());
  if (!reply || reply->upstreams.empty()) co_return std::nullopt;
  co_return std::move(reply->upstreams.front());
}

}  // namespace temps::gateway
