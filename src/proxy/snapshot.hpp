// The route table made ready for look-up. Immutable; every loop has a pointer to one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "proxy/by_name.hpp"
#include "proxy/certificates.hpp"
#include "proxy/policy.hpp"
#include "proxy/upstream.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// Upstreams by id and address, so that a new table goes on counting and pooling where the old one
// stood. Belongs to the control thread.
class UpstreamRegistry {
 public:
  explicit UpstreamRegistry(std::size_t loops) : loops_(loops) {}
  // Fails with `proxy.bad_address`. `host`: one that it answers for.
  Result<std::shared_ptr<Upstream>> get(const routing::Upstream& wanted, std::string_view host);
  // In place of one, for a static tree among releases.
  std::shared_ptr<Upstream> get_tree(const routing::Upstream& wanted);
  // Forgets what no table names and nobody uses.
  void forget_unused();
  // By id, those with anything in flight.
  [[nodiscard]] std::vector<routing::UpstreamLoad> loads() const;
  // One id, at all its addresses; nothing where none has it.
  [[nodiscard]] std::optional<routing::UpstreamLoad> load(std::string_view id) const;
  // All of them, by id.
  [[nodiscard]] std::vector<routing::UpstreamLoad> report() const;

 private:
  std::size_t loops_;
  std::unordered_map<std::string, std::shared_ptr<Upstream>> known_;
};

using Upstreams = std::vector<std::shared_ptr<Upstream>>;

// Upstreams of one release, which stand next to each other.
struct ReleaseGroup {
  std::size_t first = 0;
  std::size_t count = 0;
  std::int32_t weight = 1;
};

struct Branch;

// What answers for a host.
struct Target {
  enum class Kind : std::uint8_t { app, console, tree, split, redirect, nothing_deployed };
  Kind kind = Kind::nothing_deployed;
  Upstreams upstreams;                     // of app and console
  std::vector<ReleaseGroup> groups;        // none where all upstreams are equal
  std::vector<std::string> sticky_tokens;  // of the upstreams; none where visitors may go anywhere
  std::vector<std::string> upstream_releases;  // of the upstreams, where they differ
  milliseconds wait{0};                        // for an app that takes no connections
  routing::StaticTree tree;
  std::vector<Branch> branches;  // of a split: releases that share, where not all of them are apps
  routing::Redirect redirect;
  std::string release;
  bool first_party = false;
  bool https_only = false;
  routing::Protocol protocol = routing::Protocol::auto_;
  std::shared_ptr<const Policy> policy;  // may be nullptr
};

// A release among others, apps and static trees.
struct Branch {
  Target target;  // an app of one release, or a tree
  std::int32_t weight = 1;
  std::shared_ptr<Upstream> turns;  // whose shares keep its credit: the first of the app, or none's
  std::string sticky_token;         // of a tree whose visitors stay
};

// What goes on from table to table.
struct Registries {
  explicit Registries(std::size_t loops) : upstreams(loops) {}
  void forget_unused();
  UpstreamRegistry upstreams;
  IdentityRegistry identities;
  PolicyRegistry policies;
};

class Snapshot {
 public:
  // Fails with `proxy.bad_address`.
  static Result<std::shared_ptr<const Snapshot>> compile(const routing::Table& table,
                                                         Registries& registries);

  [[nodiscard]] std::int64_t version() const { return version_; }
  // By the host of a request, in any case, without port, with or without a final dot; an empty host
  // (HTTP/1.0) is the console's. nullptr where the table does not know it.
  [[nodiscard]] const Target* find(std::string_view host) const;
  [[nodiscard]] const CertificateStore& certificates() const { return certificates_; }
  // What an ACME server that checks `host` gets for this token (RFC 8555 §8.3), or nothing.
  [[nodiscard]] std::string_view challenge_response(std::string_view host,
                                                    std::string_view token) const;
  // The public port of https, where the table names one.
  [[nodiscard]] std::uint16_t https_port() const { return https_port_; }
  [[nodiscard]] const Target* console() const { return console_.get(); }
  [[nodiscard]] std::size_t hosts() const { return hosts_.size(); }
  // What upstreams run, by their ids: "shop/production/12".
  [[nodiscard]] std::map<std::string_view, std::string_view> releases() const;
  [[nodiscard]] const std::vector<routing::CertificateShown>& shown_certificates() const {
    return shown_certificates_;
  }
  // Every upstream that the table names.
  [[nodiscard]] const Upstreams& upstreams() const { return all_; }

 private:
  // What the parts of a route are made from.
  struct Source {
    const routing::Route& route;
    std::string_view sticky_key;
    Registries& registries;
  };
  Result<> add_releases(Target& target, const Source& source);
  Result<> add_branches(Target& target, const std::vector<routing::Upstream>& sorted,
                        const Source& source);
  Result<> add_upstream(Target& target, const routing::Upstream& wanted, const Source& source);
  [[nodiscard]] const Target* find_wildcard(std::string_view host) const;

  std::int64_t version_ = 0;
  ByName<Target> hosts_;
  bool has_wildcards_ = false;
  std::unique_ptr<Target> console_;
  CertificateStore certificates_;
  std::vector<routing::Challenge> challenges_;
  std::uint16_t https_port_ = 0;
  std::vector<routing::CertificateShown> shown_certificates_;
  Upstreams all_;
};

}  // namespace temps::proxy
