#include "proxy/snapshot.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "core/text.hpp"
#include "proxy/address.hpp"
#include "proxy/stickiness.hpp"

namespace temps::proxy {
namespace {

// The upstreams of one release next to each other, in the order in which the releases come.
std::vector<routing::Upstream> by_release(const routing::Route& route) {
  std::vector<routing::Upstream> sorted;
  std::vector<std::string_view> releases;
  for (const auto& upstream : route.upstreams)
    if (std::ranges::find(releases, upstream.release) == releases.end())
      releases.push_back(upstream.release);
  for (const auto release : releases)
    std::ranges::copy_if(route.upstreams, std::back_inserter(sorted),
                         [&](const auto& upstream) { return upstream.release == release; });
  return sorted;
}

std::vector<ReleaseGroup> groups_of(const std::vector<routing::Upstream>& sorted) {
  std::vector<ReleaseGroup> groups;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || sorted[i].release != sorted[i - 1].release)
      groups.push_back({.first = i, .weight = sorted[i].weight});
    ++groups.back().count;
  }
  if (groups.size() == 1 && groups.front().weight > 0) groups.clear();
  return groups;
}

std::string release_of(const routing::Upstream& upstream, const routing::Route& route) {
  return upstream.release.empty() ? route.release : upstream.release;
}

}  // namespace

std::shared_ptr<Upstream> UpstreamRegistry::get_tree(const routing::Upstream& wanted) {
  auto& known = known_[wanted.id + '\n' + wanted.tree->root];
  if (known == nullptr) known = std::make_shared<Upstream>(wanted.id, Address{}, loops_);
  return known;
}

Result<std::shared_ptr<Upstream>> UpstreamRegistry::get(const routing::Upstream& wanted,
                                                        std::string_view host) {
  auto& known = known_[wanted.id + '\n' + wanted.address + '\n' + wanted.health_path];
  if (known == nullptr) {
    auto address = parse_address(wanted.address);
    if (!address) return fail(std::move(address.error()));
    known = std::make_shared<Upstream>(
        wanted.id, *address, loops_,
        UpstreamCheck{.host = std::string(host), .path = wanted.health_path});
  }
  return known;
}

void UpstreamRegistry::forget_unused() {
  std::erase_if(known_, [](const auto& entry) {
    return entry.second == nullptr ||
           (entry.second.use_count() == 1 && entry.second->in_flight() == 0);
  });
}

std::vector<routing::UpstreamLoad> UpstreamRegistry::loads() const {
  std::map<std::string_view, std::int64_t> by_id;
  for (const auto& [key, upstream] : known_)
    if (upstream != nullptr) by_id[upstream->id] += upstream->in_flight();
  std::vector<routing::UpstreamLoad> loads;
  for (const auto& [id, in_flight] : by_id)
    if (in_flight > 0) loads.push_back({.id = std::string(id), .in_flight = in_flight});
  return loads;
}

std::optional<routing::UpstreamLoad> UpstreamRegistry::load(std::string_view id) const {
  std::optional<routing::UpstreamLoad> sum;
  for (const auto& [key, upstream] : known_) {
    if (upstream == nullptr || upstream->id != id || upstream->address.length == 0) continue;
    if (!sum) sum = routing::UpstreamLoad{.id = std::string(id)};
    upstream->add_to(*sum);
  }
  return sum;
}

std::vector<routing::UpstreamLoad> UpstreamRegistry::report() const {
  std::map<std::string_view, routing::UpstreamLoad> by_id;
  for (const auto& [key, upstream] : known_)
    if (upstream != nullptr && upstream->address.length > 0) upstream->add_to(by_id[upstream->id]);
  std::vector<routing::UpstreamLoad> loads;
  for (auto& [id, load] : by_id) {
    load.id = id;
    loads.push_back(std::move(load));
  }
  return loads;
}

void Registries::forget_unused() {
  upstreams.forget_unused();
  identities.forget_unused();
  policies.forget_unused();
}

Result<> Snapshot::add_upstream(Target& target, const routing::Upstream& wanted,
                                const Source& source) {
  auto upstream = source.registries.upstreams.get(wanted, source.route.host);
  if (!upstream) return fail(std::move(upstream.error()));
  all_.push_back(*upstream);
  target.upstreams.push_back(std::move(*upstream));
  return {};
}

Result<> Snapshot::add_releases(Target& target, const Source& source) {
  const auto& route = source.route;
  const auto sorted = by_release(route);
  target.kind = Target::Kind::app;
  target.wait = std::chrono::seconds(route.wait_seconds);
  if (std::ranges::any_of(sorted, [](const auto& each) { return each.tree.has_value(); }))
    return add_branches(target, sorted, source);
  target.groups = groups_of(sorted);
  for (const auto& wanted : sorted) {
    if (auto done = add_upstream(target, wanted, source); !done) return done;
    if (route.sticky && sorted.size() > 1)
      target.sticky_tokens.push_back(sticky_token(source.sticky_key, wanted.id));
    if (!target.groups.empty()) target.upstream_releases.push_back(release_of(wanted, route));
  }
  return {};
}

Result<> Snapshot::add_branches(Target& target, const std::vector<routing::Upstream>& sorted,
                                const Source& source) {
  const auto& route = source.route;
  target.kind = Target::Kind::split;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& wanted = sorted[i];
    const auto token = route.sticky ? sticky_token(source.sticky_key, wanted.id) : std::string{};
    const bool begins = i == 0 || wanted.release != sorted[i - 1].release || wanted.tree;
    if (begins) {
      target.branches.push_back(
          {.target = {.release = release_of(wanted, route)}, .weight = wanted.weight});
    }
    auto& branch = target.branches.back();
    if (wanted.tree) {
      branch.target.kind = Target::Kind::tree;
      branch.target.tree = *wanted.tree;
      branch.turns = source.registries.upstreams.get_tree(wanted);
      branch.sticky_token = token;
      continue;
    }
    branch.target.kind = Target::Kind::app;
    branch.target.wait = target.wait;
    branch.target.protocol = target.protocol;
    if (auto done = add_upstream(branch.target, wanted, source); !done) return done;
    if (route.sticky) branch.target.sticky_tokens.push_back(token);
    branch.turns = branch.target.upstreams.front();
  }
  return {};
}

Result<std::shared_ptr<const Snapshot>> Snapshot::compile(const routing::Table& table,
                                                          Registries& registries) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->version_ = table.version;
  for (const auto& route : table.routes) {
    Target target{.release = route.release,
                  .first_party = route.first_party && !route.release.empty(),
                  .https_only = route.https_only,
                  .protocol = route.protocol,
                  .policy = registries.policies.get(route)};
    if (route.redirect) {
      target.kind = Target::Kind::redirect;
      target.redirect = *route.redirect;
    } else if (route.tree) {
      target.kind = Target::Kind::tree;
      target.tree = *route.tree;
    } else if (!route.upstreams.empty()) {
      if (auto done = snapshot->add_releases(target, {route, table.sticky_key, registries}); !done)
        return fail(std::move(done.error()));
    }
    snapshot->has_wildcards_ = snapshot->has_wildcards_ || route.host.starts_with("*.");
    snapshot->hosts_.emplace(route.host, std::move(target));
  }
  snapshot->certificates_ = CertificateStore(table, registries.identities);
  snapshot->challenges_ = table.challenges;
  snapshot->https_port_ = table.https_port;
  for (const auto& shown : table.certificates)
    snapshot->shown_certificates_.push_back(
        {.names = shown.names, .expires = shown.expires, .staple_expires = shown.staple_expires});
  if (table.console) {
    Target console{.kind = Target::Kind::console};
    const routing::Route own{.host = "localhost"};
    if (auto done = snapshot->add_upstream(console, *table.console, {own, {}, registries}); !done)
      return fail(std::move(done.error()));
    for (const auto& host : table.console_hosts)
      snapshot->hosts_.insert_or_assign(lowered(host), console);
    for (const auto& host : table.https_console_hosts)
      if (const auto found = snapshot->hosts_.find(lowered(host)); found != snapshot->hosts_.end())
        found->second.https_only = true;
    snapshot->console_ = std::make_unique<Target>(std::move(console));
  }
  return snapshot;
}

const Target* Snapshot::find(std::string_view host) const {
  if (host.empty()) return console_.get();
  std::array<char, 256> lower;
  if (host.size() > lower.size()) return nullptr;
  for (std::size_t i = 0; i < host.size(); ++i)
    lower[i] = host[i] >= 'A' && host[i] <= 'Z' ? static_cast<char>(host[i] + 32) : host[i];
  std::string_view key(lower.data(), host.size());
  if (key.ends_with('.')) key.remove_suffix(1);
  if (const auto found = hosts_.find(key); found != hosts_.end()) return &found->second;
  if (has_wildcards_) {
    if (const auto* target = find_wildcard(key)) return target;
  }
  return is_ip_literal(key) ? console_.get() : nullptr;
}

std::map<std::string_view, std::string_view> Snapshot::releases() const {
  std::map<std::string_view, std::string_view> releases;
  for (const auto& [host, target] : hosts_) {
    for (const auto& branch : target.branches)
      for (const auto& upstream : branch.target.upstreams)
        releases.emplace(upstream->id, branch.target.release);
    for (std::size_t i = 0; i < target.upstreams.size(); ++i)
      releases.emplace(target.upstreams[i]->id, target.upstream_releases.empty()
                                                    ? target.release
                                                    : target.upstream_releases[i]);
  }
  return releases;
}

// "*.example.com" for "a.example.com", but not for "a.b.example.com".
const Target* Snapshot::find_wildcard(std::string_view host) const {
  const auto dot = host.find('.');
  if (dot == std::string_view::npos || dot == 0) return nullptr;
  const auto found = hosts_.find("*" + std::string(host.substr(dot)));
  return found == hosts_.end() ? nullptr : &found->second;
}

std::string_view Snapshot::challenge_response(std::string_view host, std::string_view token) const {
  for (const auto& challenge : challenges_)
    if (!challenge.token.empty() && challenge.token == token &&
        equal_ignoring_case(challenge.name, host))
      return challenge.response;
  return {};
}

}  // namespace temps::proxy
