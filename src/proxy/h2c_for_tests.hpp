// An app that speaks HTTP/2 without TLS, scripted by each test. For tests only.
#pragma once
#include <nghttp2/nghttp2.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/sockets_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {

// One connection of the app, on its own thread.
class H2cSession {
 public:
  struct Call {
    std::map<std::string, std::string> head;
    std::map<std::string, std::string> trailers;
    std::string body;
    bool is_ended = false;  // by the client
    bool is_closed = false;
    std::uint32_t code = 0;  // with which it was closed
  };
  struct Script {
    std::vector<nghttp2_settings_entry> settings{};
    bool opens_windows = true;
    std::function<void(H2cSession&, int, Call&)> on_head = [](auto&, int, auto&) {};
    std::function<void(H2cSession&, int, Call&)> on_data = [](auto&, int, auto&) {};
    std::function<void(H2cSession&, int, Call&)> on_end = [](auto&, int, auto&) {};
    std::function<void(H2cSession&, int, Call&)> on_close = [](auto&, int, auto&) {};
    std::function<void(H2cSession&)> on_tick = [](auto&) {};  // every few milliseconds
  };

  H2cSession(Peer& peer, const Script& script) : peer_(peer), script_(script) {
    nghttp2_session_callbacks* callbacks = nullptr;
    ::nghttp2_session_callbacks_new(&callbacks);
    ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_chunk);
    ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_closed);
    nghttp2_option* options = nullptr;
    ::nghttp2_option_new(&options);
    if (!script.opens_windows) ::nghttp2_option_set_no_auto_window_update(options, 1);
    ::nghttp2_session_server_new2(&session_, callbacks, this, options);
    ::nghttp2_option_del(options);
    ::nghttp2_session_callbacks_del(callbacks);
    ::nghttp2_submit_settings(session_, 0, script.settings.data(), script.settings.size());
  }
  ~H2cSession() { ::nghttp2_session_del(session_); }
  H2cSession(const H2cSession&) = delete;
  H2cSession& operator=(const H2cSession&) = delete;

  // Until the connection ends.
  void run() {
    while (send()) {
      if (peer_.has_input() && !take(peer_.read_available())) return;
      pollfd watched{.fd = peer_.fd(), .events = POLLIN, .revents = 0};
      if (::poll(&watched, 1, 5) > 0) {
        if (!take(peer_.read_available())) return;
      }
      script_.on_tick(*this);
      if (is_gone_) return;
      if (::nghttp2_session_want_read(session_) == 0 && ::nghttp2_session_want_write(session_) == 0)
        return;
    }
  }

  // A head with END_STREAM.
  void answer(int id, const HeaderList& head) {
    const auto fields = list(head);
    ::nghttp2_submit_response(session_, id, fields.data(), fields.size(), nullptr);
  }
  // A head to be followed by write() and end().
  void begin(int id, const HeaderList& head) {
    nghttp2_data_provider provider{};
    provider.source.ptr = this;
    provider.read_callback = read_answer;
    const auto fields = list(head);
    ::nghttp2_submit_response(session_, id, fields.data(), fields.size(), &provider);
  }
  void write(int id, std::string_view text) {
    answers_[id].text += text;
    ::nghttp2_session_resume_data(session_, id);
  }
  void end(int id, HeaderList trailers = {}) {
    answers_[id].is_ended = true;
    answers_[id].trailers = std::move(trailers);
    ::nghttp2_session_resume_data(session_, id);
  }
  void interim(int id, const HeaderList& head) {
    const auto fields = list(head);
    ::nghttp2_submit_headers(session_, 0, id, nullptr, fields.data(), fields.size(), nullptr);
  }
  void reset(int id, std::uint32_t code) { ::nghttp2_submit_rst_stream(session_, 0, id, code); }
  void go_away(int last) {
    ::nghttp2_submit_goaway(session_, 0, last, NGHTTP2_NO_ERROR, nullptr, 0);
  }
  void open_window(int id, std::size_t count) { ::nghttp2_session_consume(session_, id, count); }
  void break_off(std::string_view text = {}) {
    peer_.write(text);
    is_gone_ = true;
  }
  // What the peer has not taken yet.
  [[nodiscard]] std::size_t left(int id) { return answers_[id].left(); }
  [[nodiscard]] std::map<int, Call>& calls() { return calls_; }
  [[nodiscard]] nghttp2_session* native() const { return session_; }

 private:
  struct Answer {
    std::string text;
    std::size_t taken = 0;
    HeaderList trailers;
    bool is_ended = false;
    [[nodiscard]] std::size_t left() const { return text.size() - taken; }
  };
  static std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }
  static std::vector<nghttp2_nv> list(const HeaderList& fields) {
    std::vector<nghttp2_nv> all;
    for (const auto& [name, value] : fields)
      all.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
    return all;
  }
  static H2cSession& self(void* data) { return *static_cast<H2cSession*>(data); }

  bool take(const std::string& text) {
    return !text.empty() && ::nghttp2_session_mem_recv(session_, bytes(text), text.size()) >= 0;
  }
  bool send() {
    for (;;) {
      const std::uint8_t* frames = nullptr;
      const auto count = ::nghttp2_session_mem_send(session_, &frames);
      if (count <= 0) return count == 0;
      if (!peer_.write({reinterpret_cast<const char*>(frames), static_cast<std::size_t>(count)}))
        return false;
    }
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* data) {
    auto& call = self(data).calls_[frame->hd.stream_id];
    auto& fields = frame->headers.cat == NGHTTP2_HCAT_REQUEST ? call.head : call.trailers;
    fields[std::string(reinterpret_cast<const char*>(name), name_size)] =
        std::string(reinterpret_cast<const char*>(value), value_size);
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    auto& session = self(data);
    const int id = frame->hd.stream_id;
    auto& call = session.calls_[id];
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      session.script_.on_head(session, id, call);
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      call.is_ended = true;
      session.script_.on_end(session, id, call);
    }
    return 0;
  }
  static int on_chunk(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* text,
                      std::size_t size, void* data) {
    auto& session = self(data);
    auto& call = session.calls_[id];
    call.body.append(reinterpret_cast<const char*>(text), size);
    session.script_.on_data(session, id, call);
    return 0;
  }
  static int on_closed(nghttp2_session*, std::int32_t id, std::uint32_t code, void* data) {
    auto& session = self(data);
    auto& call = session.calls_[id];
    call.is_closed = true;
    call.code = code;
    session.script_.on_close(session, id, call);
    return 0;
  }
  static ssize_t read_answer(nghttp2_session* native, std::int32_t id, std::uint8_t* into,
                             std::size_t count, std::uint32_t* flags, nghttp2_data_source* source,
                             void*) {
    auto& answer = static_cast<H2cSession*>(source->ptr)->answers_[id];
    const auto taken = std::min(count, answer.left());
    std::memcpy(into, answer.text.data() + answer.taken, taken);
    answer.taken += taken;
    if (answer.left() == 0 && answer.is_ended) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!answer.trailers.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        const auto fields = list(answer.trailers);
        ::nghttp2_submit_trailer(native, id, fields.data(), fields.size());
      }
    } else if (taken == 0) {
      return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(taken);
  }

  Peer& peer_;
  const Script& script_;
  nghttp2_session* session_ = nullptr;
  std::map<int, Call> calls_;
  std::map<int, Answer> answers_;
  bool is_gone_ = false;
};

// For Origin: every connection is a session with this script.
inline Origin::Serve h2c(H2cSession::Script script) {
  return [script = std::move(script)](Peer& peer) { H2cSession(peer, script).run(); };
}

}  // namespace temps::proxy::testing
