#include "http/router.hpp"

#include <algorithm>
#include <optional>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::http {

bool Router::Segment::fits(std::string_view text) const {
  switch (kind) {
    case Kind::literal:
      return text == before;
    case Kind::mixed:
      return text.size() > before.size() + after.size() && text.starts_with(before) &&
             text.ends_with(after);
    case Kind::part:
      return !text.empty();
    case Kind::rest:
      return true;
  }
  return false;
}

bool Router::Segment::operator==(const Segment& other) const {
  return kind == other.kind && before == other.before && after == other.after;
}

Router::Pattern Router::parse(std::string_view path) {
  ensure(path.starts_with('/'), "a route's path starts with a slash");
  Pattern pattern;
  for (const auto text : split(path.substr(1), '/')) {
    const auto [before, behind] = cut(text, "{");
    const auto [name, after] = cut(behind, "}");
    ensure(pattern.empty() || pattern.back().kind != Segment::Kind::rest,
           "{rest...} is the last part of a route's path");
    if (name.empty()) {
      pattern.push_back({Segment::Kind::literal, std::string(text)});
    } else if (name.ends_with("...")) {
      pattern.push_back(
          {Segment::Kind::rest, {}, std::string(name.substr(0, name.size() - 3)), {}});
    } else {
      const bool alone = before.empty() && after.empty();
      pattern.push_back({alone ? Segment::Kind::part : Segment::Kind::mixed, std::string(before),
                         std::string(name), std::string(after)});
    }
  }
  return pattern;
}

Route& Router::raw(std::string method, std::string path, Permission permission, Handler handler) {
  return add(Route{.method = std::move(method),
                   .path = std::move(path),
                   .permission = permission,
                   .summary = {},
                   .operation = {},
                   .hidden = true,
                   .call = std::move(handler)});
}

Route& Router::add(Route route) {
  auto pattern = parse(route.path);
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    ensure(routes_[i].method != route.method || patterns_[i] != pattern, route.path);
  }
  declare(route.permission);
  patterns_.push_back(std::move(pattern));
  return routes_.emplace_back(std::move(route));
}

void Router::declare(const Permission& permission) {
  const auto known = std::ranges::find(permissions_, permission.name, &Permission::name);
  if (known == permissions_.end()) {
    permissions_.push_back(permission);
  } else {
    ensure(known->least == permission.least && known->scope == permission.scope &&
               known->is_deploying == permission.is_deploying,
           permission.name);
  }
}

bool Router::fits(const Pattern& pattern, const std::vector<std::string_view>& parts) {
  const bool open_ended = pattern.back().kind == Segment::Kind::rest;
  if (open_ended ? parts.size() < pattern.size() : parts.size() != pattern.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!pattern[i].fits(parts[i])) return false;
  }
  return true;
}

std::map<std::string, std::string> Router::values_of(const Pattern& pattern,
                                                     std::string_view path) {
  std::map<std::string, std::string> values;
  auto left = path.substr(1);
  for (const auto& segment : pattern) {
    const auto [part, behind] = cut(left, "/");
    if (segment.kind == Segment::Kind::rest) {
      values[segment.name] = left;
    } else if (segment.kind != Segment::Kind::literal) {
      const auto size = part.size() - segment.before.size() - segment.after.size();
      values[segment.name] = part.substr(segment.before.size(), size);
    }
    left = behind;
  }
  return values;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  if (!path.starts_with('/')) return {};
  const auto parts = split(path.substr(1), '/');
  const auto exacter = [](const Segment& a, const Segment& b) { return a.kind > b.kind; };
  const Pattern* best = nullptr;
  for (const auto& pattern : patterns_) {
    if (!fits(pattern, parts)) continue;
    if (best == nullptr || std::ranges::lexicographical_compare(pattern, *best, exacter)) {
      best = &pattern;
    }
  }
  if (best == nullptr) return {};
  Match match;
  const Route* get = nullptr;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (patterns_[i] != *best) continue;
    match.allowed.push_back(routes_[i].method);
    if (routes_[i].method == "GET") get = &routes_[i];
    if (routes_[i].method == method) match.route = &routes_[i];
  }
  if (match.route == nullptr && method == "HEAD") match.route = get;
  if (get != nullptr && std::ranges::find(match.allowed, "HEAD") == match.allowed.end()) {
    match.allowed.emplace_back("HEAD");
  }
  std::ranges::sort(match.allowed);
  if (match.route != nullptr) {
    const auto index = static_cast<std::size_t>(match.route - routes_.data());
    match.values = values_of(patterns_[index], path);
  }
  return match;
}

std::optional<std::string> Router::nearest_path(std::string_view path) const {
  const auto parts = split(path.substr(path.empty() ? 0 : 1), '/');
  std::vector<std::string> candidates;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const auto& pattern = patterns_[i];
    if (routes_[i].hidden || pattern.size() != parts.size()) continue;
    std::string candidate;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const bool literal = pattern[part].kind == Segment::Kind::literal;
      candidate += "/" + (literal ? pattern[part].before : std::string(parts[part]));
    }
    candidates.push_back(std::move(candidate));
  }
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const auto found = nearest(path, views);
  if (!found) return std::nullopt;
  return std::string(*found);
}

}  // namespace temps::http
