#include "proxy/exchange.hpp"

#include <chrono>
#include <utility>

#include "http1/date.hpp"
#include "proxy/access_log.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

class PageResponder final : public Responder {
 public:
  PageResponder(Exchange& exchange, Notice notice)
      : exchange_(exchange), notice_(std::move(notice)) {}
  void advance() override { exchange_.send_page(notice_); }
  void on_deadline() override { exchange_.abort(); }

 private:
  Exchange& exchange_;
  Notice notice_;
};

}  // namespace

ResponderPointer page_responder(Exchange& exchange, Notice notice) {
  return ResponderPointer(new PageResponder(exchange, std::move(notice)));
}

void Work::clear() {
  request.method = http1::Method::other;
  request.minor_version = 1;
  request.keep_alive = false;
  request.page_form = PageForm::html;
  request.status = 0;
  request.host.clear();
  request.id.clear();
  access.clear();
  policy.reset();
  responder.reset();
  next_responder.reset();
  outcome = Outcome::open;
  body = {};
  body_used = 0;
  framing = http1::Framing::none;
}

Exchange::~Exchange() = default;

void Exchange::note_request(const http1::RequestHead& head) {
  note_broken_request();
  auto& request = work_->request;
  request.method = head.method;
  request.minor_version = head.minor_version;
  request.keep_alive = head.keep_alive && !worker_.is_draining();
  request.page_form = page_form(head.fields.value(http1::FieldId::accept));
  request.host.assign(head.host);
  if (const auto given = head.fields.value(http1::FieldId::x_request_id); is_sane_request_id(given))
    request.id.assign(given);
  if (work_->access.is_wanted) work_->access.note(head);
}

void Exchange::note_broken_request() {
  if (work_ == nullptr) {
    work_ = worker_.take_work();
  } else {
    work_->clear();
  }
  const auto now = worker_.reactor.now();
  work_->request.begun = now;
  worker_.requests.add();
  worker_.recent.count(now);
  work_->access.is_wanted = worker_.access != nullptr && worker_.access->takes_next();
  const auto id = worker_.make_request_id();
  work_->request.id.assign(id.data(), id.size());
}

void Exchange::end_work() {
  if (work_ == nullptr) return;
  const auto& request = work_->request;
  worker_.answers.count(request.status, worker_.reactor.now() - request.begun);
  if (work_->access.is_wanted) worker_.access->add(*this);
  worker_.give_back(std::move(work_));
}

void Exchange::send_page(const Notice& notice) {
  if (!is_body_done()) skip_body();
  if (!is_body_done()) forbid_keep_alive();
  finish();
  const auto page = make_page(notice, request().page_form, request().id);
  Reply reply(notice.status);
  for (const auto& [name, value] : page.fields) reply.add(name, value);
  const bool is_sent = request().method != http1::Method::head;
  reply.set_length(page.body.size(), is_sent);
  Gather body(Gather::Framing::room);
  if (is_sent) body.add(page.body);
  begin(reply.head(), body, Last::yes);
}

Reply::Reply(int status) {
  head_.status = status;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  add("Date", http1::text_of(http1::http_date(now)));
}

void Reply::add(std::string_view name, std::string_view value) {
  Place place{.name = text_.size(), .value = text_.size() + name.size(), .end = 0};
  text_ += name;
  text_ += value;
  place.end = text_.size();
  places_.push_back(place);
}

void Reply::set_length(std::uint64_t bytes, bool is_sent) {
  head_.has_content_length = true;
  head_.content_length = bytes;
  head_.framing = is_sent ? http1::Framing::content_length : http1::Framing::none;
}

const http1::ResponseHead& Reply::head() {
  head_.fields.clear();
  const std::string_view text = text_;
  for (const auto& place : places_)
    head_.fields.add(text.substr(place.name, place.value - place.name),
                     text.substr(place.value, place.end - place.value));
  return head_;
}

}  // namespace temps::proxy
