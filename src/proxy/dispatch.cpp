#include "proxy/dispatch.hpp"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "core/text.hpp"
#include "proxy/branches.hpp"
#include "proxy/forward.hpp"
#include "proxy/http2_forward.hpp"
#include "proxy/policy.hpp"
#include "proxy/static_files.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr std::string_view challenge_prefix = "/.well-known/acme-challenge/";

// What belongs to Temps on every app's own host.
bool is_first_party(std::string_view path) {
  return path.starts_with("/_temps/") || path.starts_with("/api/_temps/");
}

// A short answer of the proxy's own.
class ReplyResponder final : public Responder {
 public:
  ReplyResponder(Exchange& exchange, Reply reply, std::string body)
      : exchange_(exchange), reply_(std::move(reply)), body_(std::move(body)) {}
  void advance() override {
    Gather body(Gather::Framing::room);
    const bool is_sent = exchange_.request().method != http1::Method::head;
    reply_.set_length(body_.size(), is_sent);
    if (is_sent) body.add(body_);
    exchange_.begin(reply_.head(), body, Last::yes);
    exchange_.finish();
  }
  void on_deadline() override { exchange_.abort(); }

 private:
  Exchange& exchange_;
  Reply reply_;
  std::string body_;
};

ResponderPointer redirect(Exchange& exchange, int status, std::string_view location) {
  Reply reply(status);
  reply.add("Location", location);
  reply.add("Cache-Control", status == 301 || status == 308 ? "max-age=300" : "no-store");
  return ResponderPointer(new ReplyResponder(exchange, std::move(reply), {}));
}

std::string with_path(std::string base, const http1::RequestHead& head) {
  if (head.path != "*") base += head.path;
  if (head.has_query) base.append("?").append(head.query);
  return base;
}

ResponderPointer redirect_to_https(Exchange& exchange, const http1::RequestHead& head,
                                   std::uint16_t port) {
  constexpr std::uint16_t usual_port = 443;
  std::string base = "https://" + std::string(head.host);
  if (port != usual_port) base += fmt::format(":{}", port);
  return redirect(exchange, 308, with_path(std::move(base), head));
}

ResponderPointer answer_challenge(Exchange& exchange, std::string_view response) {
  Reply reply(200);
  reply.add("Content-Type", "application/octet-stream");
  reply.add("Cache-Control", "no-store");
  return ResponderPointer(new ReplyResponder(exchange, std::move(reply), std::string(response)));
}

bool goes_by_http2(const Exchange& exchange, const http1::RequestHead& head, const Target& target) {
  switch (target.protocol) {
    case routing::Protocol::http1:
      return false;
    case routing::Protocol::h2c:
      return !Forward::may_upgrade(head) || Http2Forward::asks_for_websocket(head);
    case routing::Protocol::auto_:
      return exchange.request().page_form == PageForm::grpc;
  }
  return false;
}

ResponderPointer answer_from(Exchange& exchange, const http1::RequestHead& head,
                             const Target& target) {
  switch (target.kind) {
    case Target::Kind::nothing_deployed:
      break;
    case Target::Kind::redirect: {
      const auto& to = target.redirect;
      return redirect(exchange, to.status, to.keep_path ? with_path(to.to, head) : to.to);
    }
    case Target::Kind::tree:
      return serve_static(exchange, head, target.tree);
    case Target::Kind::split: {
      const auto& branch = next_branch(exchange.worker(), target, head);
      exchange.note_release(branch.target.release);
      if (branch.target.kind == Target::Kind::tree)
        return serve_static(exchange, head, branch.target.tree, cookie_of(branch, exchange, head));
      return answer_from(exchange, head, branch.target);
    }
    case Target::Kind::app:
      if (goes_by_http2(exchange, head, target)) return Http2Forward::begin(exchange, head, target);
      [[fallthrough]];
    case Target::Kind::console:
      return Forward::begin(exchange, head, target);
  }
  return page_responder(exchange, notices::nothing_deployed(head.host));
}

}  // namespace

ResponderPointer choose_responder(Exchange& exchange, const http1::RequestHead& head) {
  // Whoever wants a tunnel may have sent what belongs into it already.
  if (head.method == http1::Method::connect) exchange.forbid_keep_alive();
  if (head.method == http1::Method::connect || head.method == http1::Method::trace)
    return page_responder(exchange, notices::method_not_allowed("other methods"));
  const auto& worker = exchange.worker();
  const auto& snapshot = worker.table->snapshot;
  if (snapshot == nullptr) return page_responder(exchange, notices::starting());
  if (!exchange.is_secure() && head.path.starts_with(challenge_prefix)) {
    const auto token = head.path.substr(challenge_prefix.size());
    const auto response = snapshot->challenge_response(head.host, token);
    if (!response.empty()) return answer_challenge(exchange, response);
  }
  if (!exchange.covers(head.host)) return page_responder(exchange, notices::misdirected(head.host));
  const auto* target = snapshot->find(head.host);
  if (target == nullptr) return page_responder(exchange, notices::unknown_host(head.host));
  exchange.note_release(target->release);
  if (target->https_only && !exchange.is_https()) {
    const auto port = snapshot->https_port() != 0 ? snapshot->https_port() : worker.tls_port;
    if (port != 0 && snapshot->certificates().find(lowered(head.host)) != nullptr)
      return redirect_to_https(exchange, head, port);
  }
  if (target->policy != nullptr) {
    exchange.set_policy(target->policy);
    if (auto objection = target->policy->objection(head, exchange.client_address()))
      return page_responder(exchange, std::move(*objection));
  }
  if (target->first_party && is_first_party(head.path) && snapshot->console() != nullptr) {
    exchange.note_site(target->release);
    return answer_from(exchange, head, *snapshot->console());
  }
  return answer_from(exchange, head, *target);
}

}  // namespace temps::proxy
