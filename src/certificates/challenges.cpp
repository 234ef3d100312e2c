#include "certificates/challenges.hpp"

#include <set>

#include "certificates/errors.hpp"
#include "core/log.hpp"

namespace temps::certificates {

namespace {

// Of its folder: a token is made of letters, digits, - and _.
std::string label(const acme::Answer& answer) { return answer.token; }

bool is_for(const routing::Challenge& challenge, const acme::Answer& answer) {
  if (challenge.name != answer.domain) return false;
  return answer.kind == acme::ChallengeKind::http_01
             ? challenge.token == answer.token
             : challenge.chain.find(label(answer)) != std::string::npos;
}

}  // namespace

Task<> Challenges::clear() {
  auto held = co_await mutex_.lock();
  shown_.clear();
  co_await gateway_.publish_challenges({});
  co_await shelf_.keep_only({});
}

Task<> Challenges::publish(std::vector<routing::Challenge> wanted) {
  const auto reach = co_await gateway_.publish_challenges(wanted);
  shown_ = std::move(wanted);
  if (reach == gateway::Reach::proxy_away) {
    co_await fail(errors::proxy_away,
                  "the proxy is not running, so that the authority would find nothing; start it: "
                  "systemctl start temps-proxy");
  }
}

Task<> Challenges::show(acme::Answer answer) {
  auto held = co_await mutex_.lock();
  routing::Challenge challenge{.name = answer.domain};
  if (answer.kind == acme::ChallengeKind::http_01) {
    challenge.token = answer.token;
    challenge.response = answer.key_authorization;
  } else {
    co_await shelf_.put(label(answer), answer.certificate_pem, answer.key_pem);
    challenge.chain = shelf_.chain(label(answer)).string();
    challenge.key = shelf_.key(label(answer)).string();
  }
  auto wanted = shown_;
  wanted.push_back(std::move(challenge));
  co_await publish(std::move(wanted));
}

Task<> Challenges::hide(acme::Answer answer) {
  auto held = co_await mutex_.lock();
  auto wanted = shown_;
  const auto gone = std::erase_if(wanted, [&](const auto& one) { return is_for(one, answer); });
  if (gone == 0) co_return;
  co_await publish(std::move(wanted));
  std::set<std::string, std::less<>> labels;
  for (const auto& one : shown_) {
    if (!one.chain.empty()) {
      labels.insert(std::filesystem::path(one.chain).parent_path().filename().string());
    }
  }
  co_await shelf_.keep_only(labels);
}

}  // namespace temps::certificates
