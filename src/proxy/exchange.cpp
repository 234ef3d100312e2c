#include "proxy/exchange.hpp"

#include <chrono>
#include <utility>

#include "http1/codings.hpp"
#include "http1/date.hpp"
#include "proxy/access_log.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/policy.hpp"
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
  request.accepts_trailers = false;
  request.page_form = PageForm::html;
  request.coding.reset();
  request.status = 0;
  request.host.clear();
  request.id.clear();
  request.site.clear();
  request.forwarding.clear();
  access.clear();
  policy.reset();
  responder.reset();
  next_responder.reset();
  outcome = Outcome::open;
  request_trailers.reset();
  trailers.reset();
  compression.reset();
  recording.reset();
  body = {};
  body_used = 0;
  taking = {};
  framing = http1::Framing::none;
  is_begun = false;
}

Exchange::~Exchange() = default;

void Exchange::note_request(const http1::RequestHead& head) {
  note_broken_request();
  auto& request = work_->request;
  request.method = head.method;
  request.minor_version = head.minor_version;
  request.keep_alive = head.keep_alive && !worker_.is_draining();
  request.accepts_trailers =
      http1::list_contains(head.fields.value(http1::FieldId::te), "trailers");
  request.page_form = page_form(head.fields.value(http1::FieldId::accept),
                                head.fields.value(http1::FieldId::content_type));
  if (const auto* field = head.fields.find(http1::FieldId::accept_encoding); field != nullptr)
    request.coding = http1::coding_for(field->value);
  request.host.assign(head.host);
  if (const auto given = head.fields.value(http1::FieldId::x_request_id); is_sane_request_id(given))
    request.id.assign(given);
  if (peer().is_trusted) read_forwarding(head.fields, worker_.trust.proxies, request.forwarding);
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

// What a policy sets in the head must not come again behind the body.
void Exchange::set_trailers(std::unique_ptr<Trailers> trailers) {
  if (policy() == nullptr || trailers == nullptr) {
    work_->trailers = std::move(trailers);
    return;
  }
  work_->trailers = std::make_unique<Trailers>();
  trailers->for_each([&](std::string_view name, std::string_view value) {
    if (!policy()->sets(name)) static_cast<void>(work_->trailers->add(name, value));
  });
}

std::string_view Exchange::client_address() const {
  const auto& named = request().forwarding.address;
  return named.empty() ? peer().address : named;
}

bool Exchange::is_https() const {
  const auto said = request().forwarding.scheme;
  return said == Forwarding::Scheme::unsaid ? is_secure() || peer().by_tls
                                            : said == Forwarding::Scheme::https;
}

void Exchange::end_work() {
  if (work_ == nullptr) return;
  const auto& request = work_->request;
  worker_.answers.count(request.status, worker_.reactor.now() - request.begun);
  if (work_->access.is_wanted) worker_.access->add(*this);
  worker_.give_back(std::move(work_));
}

std::optional<compress::Coding> Exchange::coding() const {
  const bool may_compress =
      request().minor_version > 0 && (policy() == nullptr || policy()->compresses());
  return may_compress ? request().coding : std::nullopt;
}

void Exchange::begin(const http1::ResponseHead& head, Gather& body, Last last) {
  note_answer(head.status);
  if (const auto wanted = coding())
    work_->compression = Compression::choose(
        *wanted, head, last == Last::yes ? std::optional(body.bytes()) : std::nullopt);
  if (!is_compressed()) return put_head(head, body, last);
  Gather coded(Gather::Framing::room);
  compress(body, last, coded);
  const CompressedHead own(head, work_->compression->coding());
  put_head(own.head(), coded, last);
}

void Exchange::send(Gather& body, Last last) {
  if (!is_compressed()) return put(body, last);
  Gather coded(Gather::Framing::room);
  compress(body, last, coded);
  // The encoder may keep all of it for now.
  if (coded.bytes() > 0 || last == Last::yes) put(coded, last);
}

void Exchange::compress(const Gather& body, Last last, Gather& into) {
  auto& room = worker_.coded_out;
  room.clear();
  const auto end = last == Last::yes ? Compression::End::yes : Compression::End::no;
  work_->compression->add(body, end, room);
  if (work_->recording != nullptr) {
    work_->recording->add(room);
    if (last == Last::yes) work_->recording->finish();
  }
  into.add(room);
}

void Exchange::send_page(const Notice& notice) {
  if (!is_body_done()) skip_body();
  if (!is_body_done()) forbid_keep_alive();
  finish();
  const auto page = make_page(notice, request().page_form, request().id);
  Reply reply(page.status);
  for (const auto& [name, value] : page.fields) reply.add(name, value);
  const bool is_sent = request().method != http1::Method::head;
  if (request().page_form == PageForm::grpc) {
    reply.set_empty();
  } else {
    reply.set_length(page.body.size(), is_sent);
  }
  Gather body(Gather::Framing::room);
  if (is_sent) body.add(page.body);
  begin(reply.head(), body, Last::yes);
}

Reply::Reply(int status) {
  head_.status = status;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  add("Date", http1::text_of(http1::http_date(now)));
}

void Reply::add(std::string_view name, std::string_view value) { fields_.add(name, value); }

void Reply::set_length(std::uint64_t bytes, bool is_sent) {
  head_.has_content_length = true;
  head_.content_length = bytes;
  head_.framing = is_sent ? http1::Framing::content_length : http1::Framing::none;
}

void Reply::set_empty() { head_.framing = http1::Framing::content_length; }

const http1::ResponseHead& Reply::head() {
  head_.fields.clear();
  for (std::size_t i = 0; i < fields_.size(); ++i)
    head_.fields.add(fields_[i].name, fields_[i].value);
  return head_;
}

}  // namespace temps::proxy
