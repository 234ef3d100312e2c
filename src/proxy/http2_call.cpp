#include "proxy/http2_call.hpp"

#include <nghttp2/nghttp2.h>

#include <utility>

#include "core/text.hpp"
#include "proxy/http2_fields.hpp"
#include "proxy/http2_upstream.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// Of a request's body, before the upstream takes it.
constexpr std::size_t output_bytes_max = 64UL * 1024;
// Heads that nobody has asked for yet.
constexpr std::size_t heads_max = 32;

// The data source is found by its stream: the call may have left it.
ssize_t read_output(nghttp2_session* session, std::int32_t id, std::uint8_t* into,
                    std::size_t count, std::uint32_t* flags, nghttp2_data_source*, void*) {
  auto* call = static_cast<Http2Call*>(::nghttp2_session_get_stream_user_data(session, id));
  if (call == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  return call->take_output(into, count, flags);
}

// It has no meaning in HTTP/2 (RFC 8441 §5).
constexpr std::string_view key_name = "sec-websocket-key";

bool is_of_connection(const http1::Field& field) {
  return http1::is_hop_by_hop(field.id) || field.id == http1::FieldId::host;
}

}  // namespace

bool Http2Call::join(Worker& worker, Lease& lease) {
  connection_ = Http2Upstream::get(worker, lease);
  if (connection_ == nullptr) return false;
  is_reused_ = connection_->is_open();
  connection_->add(*this);
  return true;
}

void Http2Call::leave() {
  if (connection_ != nullptr) {
    if (stream_ > 0 && !is_closed_) {
      auto* session = connection_->session();
      ::nghttp2_session_set_stream_user_data(session, stream_, nullptr);
      ::nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, stream_,
                                  is_answered_ ? NGHTTP2_NO_ERROR : NGHTTP2_CANCEL);
      connection_->schedule();
    }
    std::exchange(connection_, nullptr)->remove(*this);
  }
  stream_ = 0;
  output_ = {};
  input_ = {};
  heads_.clear();
  trailers_.reset();
  failure_ = Failure::none;
  is_reused_ = is_closed_ = is_head_arriving_ = has_final_head_ = is_head_bad_ = is_answered_ =
      false;
}

bool Http2Call::is_open() const { return connection_ != nullptr && connection_->is_open(); }

bool Http2Call::takes_tunnels() const {
  return ::nghttp2_session_get_remote_settings(connection_->session(),
                                               NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1;
}

// The head is kept as HTTP/1 has it, which is where it is decided what an app gets to see.
void Http2Call::submit(const Request& request) {
  http1::RequestParser parser(head_limits);
  auto* session = connection_->session();
  if (parser.feed(request.head) != http1::Progress::complete) return fail(Failure::lost);
  if (::nghttp2_session_check_request_allowed(session) == 0) return fail(Failure::turned_away);
  const auto& head = parser.head();
  std::size_t name_bytes = 0;
  for (const auto& field : head.fields) name_bytes += field.name.size();
  Http2Fields fields(connection_->worker().head_out, name_bytes);
  const bool is_tunnel = !request.protocol.empty();
  fields.add(":method", is_tunnel ? "CONNECT" : head.method_text);
  if (is_tunnel) fields.add(":protocol", request.protocol);
  fields.add(":scheme", "http");
  fields.add(":authority", head.authority);
  fields.add(":path", head.target);
  for (const auto& field : head.fields)
    if (!is_of_connection(field) && !(is_tunnel && equal_ignoring_case(field.name, key_name)))
      fields.add(fields.lowered(field.name), field.value);
  if (request.accepts_trailers) fields.add("te", "trailers");
  nghttp2_data_provider provider{};
  provider.read_callback = read_output;
  const auto id =
      ::nghttp2_submit_request(session, nullptr, fields.all().data(), fields.all().size(),
                               output_.has_more() ? &provider : nullptr, this);
  if (id < 0) return fail(Failure::turned_away);
  stream_ = id;
  connection_->schedule();
}

bool Http2Call::is_ready() const {
  return connection_ != nullptr && !is_closed_ && failure_ == Failure::none &&
         output_.size() < output_bytes_max;
}

void Http2Call::send(const Gather& body) {
  output_.append(body);
  if (is_submitted() && connection_ != nullptr && output_.resume(connection_->session(), stream_))
    connection_->schedule();
}

void Http2Call::end(std::unique_ptr<Trailers> trailers) {
  output_.end(std::move(trailers));
  if (is_submitted() && connection_ != nullptr && output_.resume(connection_->session(), stream_))
    connection_->schedule();
}

ssize_t Http2Call::take_output(std::uint8_t* into, std::size_t count, std::uint32_t* flags) {
  const bool was_ready = is_ready();
  const auto taken = output_.take(connection_->session(), stream_, into, count, flags,
                                  connection_->worker().head_out);
  if (!was_ready && is_ready()) connection_->schedule(*this);
  return taken;
}

const http1::ResponseHead* Http2Call::head(http1::Method request) {
  if (heads_.size() == (is_head_arriving_ ? 1U : 0U)) return nullptr;
  const auto* head = heads_.front().build(request);
  is_head_bad_ = head == nullptr;
  return head;
}

void Http2Call::take_body(std::size_t bytes) {
  input_.take(bytes);
  if (connection_ == nullptr || is_closed_ || bytes == 0) return;
  ::nghttp2_session_consume_stream(connection_->session(), stream_, bytes);
  connection_->schedule();
}

void Http2Call::begin_head() {
  if (!has_final_head_) {
    heads_.emplace_back();
    is_head_arriving_ = true;
  } else {
    trailers_ = std::make_unique<Trailers>();
  }
}

bool Http2Call::add_field(std::string_view name, std::string_view value) {
  if (has_final_head_) return trailers_ != nullptr && trailers_->add(name, value);
  return heads_.size() <= heads_max && heads_.back().add(name, value);
}

void Http2Call::end_head(Http2Answer::Body body) {
  is_head_arriving_ = false;
  if (has_final_head_) return;
  heads_.back().note_body(body);
  has_final_head_ = !heads_.back().is_interim();
}

void Http2Call::add_body(std::string_view data) { input_.append(data); }

void Http2Call::end_answer() { is_answered_ = true; }

void Http2Call::fail(Failure failure) {
  if (is_answered_ || failure_ != Failure::none) return;
  failure_ = failure;
  if (connection_ != nullptr) connection_->schedule(*this);
}

void Http2Call::note_stream_closed(std::uint32_t code) {
  is_closed_ = true;
  fail(code == NGHTTP2_REFUSED_STREAM ? Failure::turned_away : Failure::lost);
  connection_->schedule(*this);
}

void Http2Call::note_connection_closed(Failure failure) {
  connection_ = nullptr;
  is_waiting = false;
  fail(failure);
}

}  // namespace temps::proxy
