#include "audit/trail.hpp"

#include <utility>

#include "core/network.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::audit {
namespace {

ActorKind kind_of(const http::Principal& principal) {
  if (principal.role == Role::anonymous) return ActorKind::anonymous;
  if (principal.kind == "session") return ActorKind::session;
  if (principal.kind == "local") return ActorKind::machine;
  return principal.kind == "token" ? ActorKind::token : ActorKind::key;
}

Actor actor_of(http::Principal principal) {
  const auto kind = kind_of(principal);
  if (kind == ActorKind::machine) return machine();
  return {.kind = kind,
          .user = principal.user,
          .email = std::move(principal.email),
          .credential = principal.credential,
          .credential_name = std::move(principal.credential_name)};
}

// What something new is called stands in the body.
std::map<std::string, std::string> target_of(const http::Change& change) {
  auto target = change.path_values;
  const auto given = json::decode<json::Value>(change.given);
  if (!given) return target;
  for (const auto* name : {"name", "email", "zone"}) {
    const auto member = (*given)[name];
    const auto text = member.as_string();
    if (text && !target.contains(name)) target[name] = *text;
  }
  return target;
}

std::string project_of(const http::Change& change,
                       const std::map<std::string, std::string>& target) {
  for (const auto* name : {"project", "name"}) {
    if (std::string_view(name) == "name" && !change.path.ends_with("/projects")) break;
    if (const auto found = target.find(name); found != target.end()) return found->second;
  }
  return {};
}

std::string network_of(std::string_view address) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed) return std::string(address.substr(0, 64));
  const auto& bytes = parsed->bytes();
  const bool is_v4 = parsed->text().find(':') == std::string::npos;
  return {bytes.begin(), bytes.begin() + (is_v4 ? 16 : 8)};
}

}  // namespace

Result<> Trail::count(const std::string& address) {
  const auto now = clock_.now();
  if (counts_.size() >= networks_max) {
    std::erase_if(counts_, [now](const auto& entry) { return now - entry.second.since >= window; });
    if (counts_.size() >= networks_max) counts_.clear();
  }
  auto& count = counts_[network_of(address)];
  if (count.number == 0 || now - count.since >= window) count = {now, 0};
  if (count.number >= anonymous_max) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(count.since + window - now);
    return fail(Error(errors::too_many,
                      "too many attempts without a login came from your network; try again later")
                    .retry_in(std::max(wait, std::chrono::seconds(1))));
  }
  ++count.number;
  return {};
}

Task<http::JournalMark> Trail::begin(http::Change change) {
  if (change.principal.role == Role::anonymous) co_await count(change.client_address);
  auto target = target_of(change);
  auto project = project_of(change, target);
  const auto mark = co_await audit_.begin({.actor = actor_of(std::move(change.principal)),
                                           .operation = std::move(change.operation),
                                           .summary = std::move(change.summary),
                                           .method = std::move(change.method),
                                           .path = std::move(change.path),
                                           .project = std::move(project),
                                           .target = std::move(target),
                                           .given = std::move(change.given),
                                           .before = std::move(change.before),
                                           .client = std::move(change.client_address),
                                           .user_agent = std::move(change.user_agent),
                                           .request_id = std::move(change.request_id)});
  co_return http::JournalMark{.id = mark.id, .began_at = mark.began_at};
}

Task<> Trail::end(http::JournalMark mark, http::ChangeOutcome outcome) {
  auto actor = actor_of(std::move(outcome.principal));
  co_await audit_.end({.id = mark.id, .began_at = mark.began_at},
                      {.status = outcome.status,
                       .error = std::move(outcome.error),
                       .after = std::move(outcome.after),
                       .user = actor.user,
                       .email = std::move(actor.email)});
}

}  // namespace temps::audit
