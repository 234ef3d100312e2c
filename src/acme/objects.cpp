#include "acme/objects.hpp"

#include <array>
#include <utility>

#include "acme/csr.hpp"
#include "acme/problem.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

constexpr std::array statuses{
    std::pair{"pending", Status::pending}, std::pair{"processing", Status::processing},
    std::pair{"ready", Status::ready},     std::pair{"valid", Status::valid},
    std::pair{"invalid", Status::invalid}, std::pair{"deactivated", Status::deactivated},
    std::pair{"expired", Status::expired}, std::pair{"revoked", Status::revoked},
};
constexpr std::array kinds{ChallengeKind::http_01, ChallengeKind::tls_alpn_01,
                           ChallengeKind::dns_01};
constexpr std::size_t challenges_max = 20;

std::unexpected<Error> refuse(std::string_view what) {
  return fail(errors::bad_answer, "the certificate authority sent an {} without what belongs to it",
              what);
}

std::optional<ChallengeKind> parse_kind(std::string_view word) {
  for (const auto kind : kinds) {
    if (text_of(kind) == word) return kind;
  }
  return std::nullopt;
}

}  // namespace

Status parse_status(std::string_view word) {
  for (const auto& [name, status] : statuses) {
    if (name == word) return status;
  }
  return Status::unknown;
}

Result<Order> parse_order(const json::Value& object, std::string url) {
  Order order{.url = std::move(url),
              .status = parse_status(text_of(object["status"])),
              .names = {},
              .authorizations = {},
              .finalize = text_of(object["finalize"]),
              .certificate = text_of(object["certificate"])};
  for (const auto& identifier : object["identifiers"].items()) {
    order.names.push_back(text_of(identifier["value"]));
  }
  // They end up in the request for the certificate.
  auto names = checked_names(order.names);
  if (!names) return refuse("order");
  order.names = std::move(*names);
  for (const auto& authorization : object["authorizations"].items()) {
    order.authorizations.push_back(text_of(authorization));
  }
  if (!object["error"].is_null()) order.error = problem_error(object["error"], 0);
  const bool complete = !order.url.empty() && !order.finalize.empty() &&
                        !order.authorizations.empty() && order.authorizations.size() <= names_max;
  if (!complete || order.status == Status::unknown) return refuse("order");
  return order;
}

Result<Authorization> parse_authorization(const json::Value& object, std::string url) {
  const auto identifier = object["identifier"];
  Authorization parsed{.url = std::move(url),
                       .domain = lowered(text_of(identifier["value"])),
                       .wildcard = object["wildcard"].as_bool().value_or(false),
                       .status = parse_status(text_of(object["status"])),
                       .challenges = {}};
  for (const auto& item : object["challenges"].items()) {
    const auto kind = parse_kind(text_of(item["type"]));
    if (!kind || parsed.challenges.size() == challenges_max) continue;
    Challenge challenge{.kind = *kind,
                        .url = text_of(item["url"]),
                        .token = text_of(item["token"]),
                        .status = parse_status(text_of(item["status"]))};
    if (!item["error"].is_null()) {
      challenge.error = problem_error(
          item["error"], 0,
          {.domain = parsed.domain, .challenge = std::string(text_of(challenge.kind))});
    }
    if (challenge.url.empty()) return refuse("authorization");
    parsed.challenges.push_back(std::move(challenge));
  }
  // It ends up in the names of records and files.
  if (!checked_names({parsed.domain}) || parsed.status == Status::unknown) {
    return refuse("authorization");
  }
  return parsed;
}

Result<RenewalWindow> parse_renewal_window(const json::Value& object) {
  const auto window = object["suggestedWindow"];
  const auto start = parse_rfc3339(text_of(window["start"]));
  const auto end = parse_rfc3339(text_of(window["end"]));
  if (!start || !end || *end <= *start) {
    return fail(errors::bad_answer, "the certificate authority's advice on renewal has no period");
  }
  return RenewalWindow{
      .start = *start, .end = *end, .explanation_url = text_of(object["explanationURL"])};
}

Error order_error(const Order& order) {
  if (order.error) return *order.error;
  return {errors::refused, "the certificate authority gave the order up without a word; try again"};
}

}  // namespace temps::acme
