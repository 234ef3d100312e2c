#include "oidc/flows.hpp"

#include <algorithm>
#include <utility>

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "identity/login_limits.hpp"

namespace temps::oidc {

namespace {

constexpr std::size_t path_bytes_max = 1000;
constexpr std::size_t token_bytes = 32;
constexpr std::size_t cookies_max = 8;

}  // namespace

bool is_own_path(std::string_view path) {
  const auto is_odd = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\';
  };
  return path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/api/") &&
         path.size() <= path_bytes_max && std::ranges::none_of(path, is_odd);
}

Result<Departure> Flows::begin(NewFlow wanted) {
  if (!is_own_path(wanted.return_path)) {
    return fail(errors::bad_return_path,
                "a login leads to a page of the console: a path such as /projects/shop");
  }
  const auto now = clock_.now();
  std::erase_if(flows_, [now](const auto& flow) { return flow.second.expires_at <= now; });
  const auto network = identity::network_of(wanted.address);
  const auto of_network = std::ranges::count_if(flows_, [&network](const auto& flow) {
    return identity::network_of(flow.second.wanted.address) == network;
  });
  if (flows_.size() >= waiting_max ||
      static_cast<std::size_t>(of_network) >= waiting_of_network_max) {
    return fail(Error(errors::too_many,
                      fmt::format("too many logins wait for their provider; try again in {} "
                                  "minutes, or log in with a password",
                                  lifetime.count()))
                    .retry_in(lifetime));
  }
  Departure departure{.state = Secret(random_token(token_bytes)),
                      .browser = Secret(random_token(token_bytes)),
                      .nonce = random_token(token_bytes),
                      .challenge = {}};
  Secret verifier(random_token(token_bytes));
  departure.challenge = to_base64url(crypto::sha256(verifier.reveal()));
  flows_[crypto::sha256(departure.state.reveal())] = {
      .wanted = std::move(wanted),
      .nonce = departure.nonce,
      .verifier = std::move(verifier),
      .browser = crypto::sha256(departure.browser.reveal()),
      .expires_at = now + lifetime};
  return departure;
}

Result<Flow> Flows::take(const Secret& state, const std::vector<std::string>& cookies) {
  const auto found = flows_.find(crypto::sha256(state.reveal()));
  if (found == flows_.end() || found->second.expires_at <= clock_.now()) {
    return fail(errors::login_over,
                "this login was used already, or took longer than {} minutes; begin it anew",
                lifetime.count());
  }
  auto flow = std::move(found->second);
  flows_.erase(found);
  const auto is_it = [&flow](const std::string& cookie) {
    return crypto::equal_in_constant_time(crypto::sha256(cookie), flow.browser);
  };
  if (std::ranges::any_of(
          cookies.begin(),
          cookies.begin() + static_cast<std::ptrdiff_t>(std::min(cookies.size(), cookies_max)),
          is_it)) {
    return flow;
  }
  return fail(errors::other_browser,
              "this login was begun in another browser, or in a tab that has begun another one "
              "since; begin it anew here");
}

}  // namespace temps::oidc
