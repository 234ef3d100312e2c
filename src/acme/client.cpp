#include <algorithm>
#include <utility>

#include "acme/acme.hpp"
#include "acme/challenge.hpp"
#include "acme/csr.hpp"
#include "acme/objects.hpp"
#include "acme/pause.hpp"
#include "acme/session.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

// While waiting, an authority that cannot be reached for a moment is asked again.
constexpr int troubles_in_a_row_max = 4;
constexpr std::chrono::seconds renewal_ask_min = std::chrono::minutes(1);
constexpr std::chrono::seconds renewal_ask_usual = std::chrono::hours(6);
constexpr std::chrono::seconds renewal_ask_max = std::chrono::hours(24);

Result<std::string> contacts_json(const std::vector<std::string>& emails) {
  std::vector<std::string> quoted;
  for (const auto& email : emails) {
    const auto at = email.find('@');
    const bool usable = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                        email.find_first_of(" ,?<>\"\r\n\t") == std::string::npos;
    if (!usable) return fail(errors::bad_contact, "\"{}\" is not an e-mail address", email);
    quoted.push_back(json::quote("mailto:" + email));
  }
  return "[" + join(quoted, ",") + "]";
}

bool is_passing(const Error& error) {
  return error.is(errors::unreachable) || error.is(errors::failed) ||
         error.is(errors::rate_limited);
}

// Asks for `url` until `is_settled` is content with what comes.
Task<json::Value> poll(Session& session, Account account, std::string url,
                       std::function<bool(const json::Value&)> is_settled) {
  Pause pause;
  int troubles = 0;
  for (;;) {
    auto reply =
        co_await attempt(session.post(account.key, {.url = url, .account_url = account.url}));
    std::optional<std::chrono::seconds> asked;
    if (reply) {
      troubles = 0;
      auto object = co_await reply->object();
      if (is_settled(object)) co_return object;
      asked = reply->retry_after;
    } else {
      if (!is_passing(reply.error()) || ++troubles > troubles_in_a_row_max) {
        co_await fail(reply.error());
      }
      if (reply.error().retry_after().count() > 0) asked = reply.error().retry_after();
    }
    co_await sleep(pause.next(asked));
  }
}

// `poll` with an end that is told apart from the caller's own.
Task<json::Value> poll_within(std::chrono::nanoseconds limit, Task<json::Value> polling,
                              std::string what) {
  auto result = co_await attempt(within(limit, std::move(polling)));
  if (!result && result.error().is(temps::errors::timed_out)) {
    co_await check_cancelled();
    co_await fail(errors::timed_out,
                  "{} after {} s; the certificate authority is slow or stuck. It is worth another "
                  "try later",
                  what, std::chrono::duration_cast<std::chrono::seconds>(limit).count());
  }
  co_return co_await std::move(result);
}

}  // namespace

Client::Client(net::Loop& loop, const Clock& clock, Options options)
    : clock_(clock),
      options_(std::move(options)),
      session_(std::make_unique<Session>(loop, clock_, options_)) {}

Client::~Client() = default;

Task<Directory> Client::directory() { return session_->directory(); }

Task<Account> Client::register_account(Key key, std::string payload) {
  const auto known = co_await directory();
  const auto reply =
      co_await session_->post(key, {.url = known.new_account, .payload = std::move(payload)});
  auto url = reply.location();
  if (url.empty()) {
    co_await fail(errors::bad_answer, "the certificate authority gave the account no address");
  }
  co_return Account{.key = std::move(key), .url = std::move(url)};
}

Task<Account> Client::create_account(Key key, NewAccount wanted) {
  const auto known = co_await directory();
  if (!known.terms_of_service.empty() && !wanted.agrees_to_terms) {
    co_await fail(errors::terms_not_agreed,
                  "read the terms of service of the certificate authority at {} and agree to them",
                  known.terms_of_service);
  }
  if (known.external_account_required && !wanted.external) {
    co_await fail(errors::external_account_required,
                  "this certificate authority issues only to its own customers; make an account at "
                  "{} and give its key id and HMAC key",
                  known.website.empty() ? options_.directory_url : known.website);
  }
  const auto contacts = co_await contacts_json(wanted.emails);
  auto payload =
      fmt::format(R"({{"termsOfServiceAgreed":{},"contact":{})", wanted.agrees_to_terms, contacts);
  if (wanted.external) {
    payload += R"(,"externalAccountBinding":)";
    payload += co_await external_binding(*wanted.external, key, known.new_account);
  }
  co_return co_await register_account(std::move(key), payload + "}");
}

Task<Account> Client::find_account(Key key) {
  return register_account(std::move(key), R"({"onlyReturnExisting":true})");
}

Task<> Client::change_emails(Account account, std::vector<std::string> emails) {
  const auto contacts = co_await contacts_json(emails);
  co_await session_->post(account.key, {.url = account.url,
                                        .payload = fmt::format(R"({{"contact":{}}})", contacts),
                                        .account_url = account.url});
}

Task<> Client::deactivate(Account account) {
  co_await session_->post(
      account.key,
      {.url = account.url, .payload = R"({"status":"deactivated"})", .account_url = account.url});
}

Task<Order> Client::new_order(Account account, std::vector<std::string> names,
                              std::string replaces) {
  const auto checked = co_await checked_names(names);
  const auto known = co_await directory();
  std::vector<std::string> identifiers;
  identifiers.reserve(checked.size());
  for (const auto& name : checked) {
    identifiers.push_back(fmt::format(R"({{"type":"dns","value":{}}})", json::quote(name)));
  }
  auto payload = fmt::format(R"({{"identifiers":[{}])", join(identifiers, ","));
  if (!replaces.empty() && !known.renewal_info.empty()) {
    payload += R"(,"replaces":)" + json::quote(replaces);
  }
  const auto reply = co_await session_->post(
      account.key, {.url = known.new_order, .payload = payload + "}", .account_url = account.url});
  co_return co_await parse_order(co_await reply.object(), reply.location());
}

Task<Order> Client::order(Account account, std::string url) {
  const auto reply = co_await session_->post(account.key, {.url = url, .account_url = account.url});
  co_return co_await parse_order(co_await reply.object(), url);
}

Task<Authorization> Client::authorization(Account account, std::string url) {
  const auto reply = co_await session_->post(account.key, {.url = url, .account_url = account.url});
  co_return co_await parse_authorization(co_await reply.object(), url);
}

Task<> Client::begin_check(Account account, Challenge challenge) {
  co_await session_->post(account.key,
                          {.url = challenge.url, .payload = "{}", .account_url = account.url});
}

Task<> Client::await_check(Account account, Authorization authorization, ChallengeKind kind) {
  const auto is_settled = [](const json::Value& object) {
    return parse_status(text_of(object["status"])) != Status::pending;
  };
  const auto object = co_await poll_within(
      options_.check_time_max, poll(*session_, account, authorization.url, is_settled),
      fmt::format("{} is not checked yet", authorization.domain));
  const auto seen = co_await parse_authorization(object, authorization.url);
  if (seen.status == Status::valid) co_return;
  for (const auto& challenge : seen.challenges) {
    if (challenge.kind == kind && challenge.error) co_await fail(*challenge.error);
  }
  co_await fail(
      errors::unauthorized,
      "{}: the certificate authority does not accept the proof by {} and does not say why",
      authorization.domain, text_of(kind));
}

Task<Order> Client::await_order(Account account, Order order, Status wanted) {
  // What is beyond the wanted status is settled, too.
  const auto is_settled = [wanted](const json::Value& object) {
    const auto status = parse_status(text_of(object["status"]));
    return status == wanted ||
           (status != Status::pending && status != Status::ready && status != Status::processing);
  };
  const auto object = co_await poll_within(
      options_.issue_time_max, poll(*session_, account, order.url, is_settled),
      fmt::format("the certificate for {} is not there yet", join(order.names, ", ")));
  auto seen = co_await parse_order(object, order.url);
  if (seen.status == Status::invalid) co_await fail(order_error(seen));
  co_return seen;
}

Task<Order> Client::finalize(Account account, Order order, Key certificate_key) {
  if (order.status == Status::pending) {
    order = co_await await_order(account, std::move(order), Status::ready);
  }
  if (order.status == Status::ready) {
    const auto request = signing_request(certificate_key, order.names);
    const auto reply = co_await session_->post(
        account.key, {.url = order.finalize,
                      .payload = fmt::format(R"({{"csr":"{}"}})", to_base64url(request)),
                      .account_url = account.url});
    order = co_await parse_order(co_await reply.object(), order.url);
  }
  if (order.status == Status::invalid) co_await fail(order_error(order));
  if (order.status == Status::valid) co_return order;
  co_return co_await await_order(account, std::move(order), Status::valid);
}

Task<std::string> Client::download(Account account, Order order) {
  if (order.certificate.empty()) {
    co_await fail(errors::bad_answer,
                  "the certificate authority does not say where it put the "
                  "certificate");
  }
  auto reply = co_await session_->post(account.key, {.url = order.certificate,
                                                     .account_url = account.url,
                                                     .accept = "application/pem-certificate-chain",
                                                     .bytes_max = chain_bytes_max});
  co_return std::move(reply.body);
}

Task<RenewalWindow> Client::renewal_window(std::string renewal_id) {
  const auto known = co_await directory();
  if (known.renewal_info.empty() || renewal_id.empty()) {
    co_await fail(errors::unsupported, "the certificate authority gives no advice on renewal");
  }
  const auto reply = co_await session_->get(fmt::format(
      "{}{}{}", known.renewal_info, known.renewal_info.ends_with('/') ? "" : "/", renewal_id));
  auto window = co_await parse_renewal_window(co_await reply.object());
  window.ask_again_in =
      std::clamp(reply.retry_after.value_or(renewal_ask_usual), renewal_ask_min, renewal_ask_max);
  co_return window;
}

Task<> Client::revoke(Account account, std::string chain_pem, RevocationReason reason) {
  const auto chain = co_await parse_chain(chain_pem);
  const auto known = co_await directory();
  if (known.revoke.empty()) {
    co_await fail(errors::unsupported, "the certificate authority does not revoke by ACME");
  }
  co_await session_->post(
      account.key,
      {.url = known.revoke,
       .payload = fmt::format(R"({{"certificate":"{}","reason":{}}})",
                              to_base64url(chain.certificates.front()), std::to_underlying(reason)),
       .account_url = account.url});
}

}  // namespace temps::acme
