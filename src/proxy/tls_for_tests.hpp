// TLS and HTTP/2 clients, and certificates for them to trust. For tests only.
#pragma once
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/sockets_for_tests.hpp"
#include "routing/table.hpp"

namespace temps::proxy::testing {

enum class KeyKind : std::uint8_t { ecdsa, rsa };

// A certificate signed by itself, in files that `folder` gets.
inline routing::Certificate make_certificate(const std::filesystem::path& folder,
                                             const std::string& id, std::vector<std::string> names,
                                             KeyKind kind = KeyKind::ecdsa) {
  constexpr std::size_t rsa_bits = 2048;
  EVP_PKEY* key = kind == KeyKind::ecdsa ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits);
  X509* certificate = ::X509_new();
  ::X509_set_version(certificate, 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate), -60);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate), 3600);
  ::X509_set_pubkey(certificate, key);
  auto* name = ::X509_get_subject_name(certificate);
  ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(id.c_str()), -1, -1, 0);
  ::X509_set_issuer_name(certificate, name);
  std::string alternatives;
  for (const auto& each : names) alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + each;
  auto* extension =
      ::X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str());
  ::X509_add_ext(certificate, extension, -1);
  ::X509_EXTENSION_free(extension);
  ::X509_sign(certificate, key, ::EVP_sha256());
  routing::Certificate made{.id = id,
                            .names = std::move(names),
                            .chain = folder / (id + ".chain.pem"),
                            .key = folder / (id + ".key.pem")};
  auto* file = std::fopen(made.chain.c_str(), "w");
  ::PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen(made.key.c_str(), "w");
  ::PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  ::X509_free(certificate);
  ::EVP_PKEY_free(key);
  return made;
}

struct TlsWish {
  std::string name;   // asked for, and checked in the certificate; empty: neither
  std::string trust;  // the certificate file to trust; empty: any certificate
  std::vector<std::string> protocols{};  // for ALPN
  int version_max = TLS1_3_VERSION;
  std::string ciphers{};  // of TLS 1.2
};

// One blocking TLS connection.
class TlsPeer {
 public:
  TlsPeer(const std::string& address, const TlsWish& wish)
      : socket_(Peer::to(address)), context_(::SSL_CTX_new(::TLS_client_method())) {
    ::SSL_CTX_set_max_proto_version(context_, wish.version_max);
    if (!wish.trust.empty()) {
      ::SSL_CTX_load_verify_file(context_, wish.trust.c_str());
      ::SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    }
    if (!wish.ciphers.empty()) ::SSL_CTX_set_cipher_list(context_, wish.ciphers.c_str());
    ssl_ = ::SSL_new(context_);
    ::SSL_set_fd(ssl_, socket_.fd());
    if (!wish.name.empty()) {
      SSL_set_tlsext_host_name(ssl_, wish.name.c_str());
      ::SSL_set1_host(ssl_, wish.name.c_str());
    }
    std::string list;
    for (const auto& protocol : wish.protocols)
      list += static_cast<char>(protocol.size()) + protocol;
    ::SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(list.data()),
                          static_cast<unsigned>(list.size()));
  }
  ~TlsPeer() {
    // Else the client takes the session for broken, and does not resume it.
    ::SSL_set_shutdown(ssl_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    ::SSL_free(ssl_);
    ::SSL_CTX_free(context_);
  }
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  // False when the server or the client refuses.
  bool shake_hands(SSL_SESSION* resumed = nullptr) {
    if (resumed != nullptr) ::SSL_set_session(ssl_, resumed);
    ::ERR_clear_error();
    return ::SSL_connect(ssl_) == 1;
  }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    ::SSL_get0_alpn_selected(ssl_, &name, &size);
    return {reinterpret_cast<const char*>(name), size};
  }
  [[nodiscard]] bool is_resumed() const { return ::SSL_session_reused(ssl_) == 1; }
  // Owned by the caller.
  [[nodiscard]] SSL_SESSION* session() const { return ::SSL_get1_session(ssl_); }
  [[nodiscard]] int key_kind() const {
    auto* certificate = ::SSL_get1_peer_certificate(ssl_);
    const int kind = ::EVP_PKEY_get_base_id(::X509_get0_pubkey(certificate));
    ::X509_free(certificate);
    return kind;
  }
  [[nodiscard]] std::string common_name() const {
    auto* certificate = ::SSL_get1_peer_certificate(ssl_);
    char text[128] = "";
    ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, text,
                                sizeof text);
    ::X509_free(certificate);
    return text;
  }

  bool write(std::string_view text) {
    return ::SSL_write(ssl_, text.data(), static_cast<int>(text.size())) ==
           static_cast<int>(text.size());
  }
  // Empty at the end of the stream.
  std::string read_some() {
    std::string bytes(64UL * 1024, '\0');
    const int got = ::SSL_read(ssl_, bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  // Sends with new keys from here on, and asks for as much where `type` says so (RFC 8446 §4.6.3).
  bool update_keys(int type) {
    return ::SSL_key_update(ssl_, type) == 1 && ::SSL_do_handshake(ssl_) == 1;
  }
  // The peer has said that nothing follows.
  [[nodiscard]] bool is_told_of_end() const {
    return (::SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  // A response with a Content-Length.
  Message read_message() {
    Message message;
    for (;;) {
      const auto end = input_.find("\r\n\r\n");
      if (end != std::string::npos) {
        message.head = input_.substr(0, end + 4);
        const auto size = parse_number<std::size_t>(message.field("Content-Length")).value_or(0);
        if (input_.size() >= end + 4 + size) {
          message.body = input_.substr(end + 4, size);
          message.is_whole = true;
          input_.erase(0, end + 4 + size);
          return message;
        }
      }
      const auto more = read_some();
      if (more.empty()) return message;
      input_ += more;
    }
  }
  Message ask(std::string_view request) {
    write(request);
    return read_message();
  }
  [[nodiscard]] Peer& socket() { return socket_; }

 private:
  Peer socket_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  std::string input_;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// An HTTP/2 client on one connection. Everything is done when run() is asked to.
class Http2Peer {
 public:
  struct Answer {
    int status = 0;
    std::map<std::string, std::string> fields;
    std::map<std::string, std::string> trailers;
    bool has_head = false;      // a final one
    bool is_head_only = false;  // the head had END_STREAM
    std::vector<int> interim;   // statuses
    std::string body;
    bool is_ended = false;
    std::uint32_t reset_code = 0;
  };

  explicit Http2Peer(TlsPeer& tls)
      : write_([&tls](std::string_view text) { return tls.write(text); }),
        read_([&tls] { return tls.read_some(); }) {
    begin();
  }
  // With prior knowledge.
  explicit Http2Peer(Peer& peer)
      : write_([&peer](std::string_view text) { return peer.write(text); }),
        read_([&peer] { return peer.read_available(); }) {
    begin();
  }
  ~Http2Peer() { ::nghttp2_session_del(session_); }
  Http2Peer(const Http2Peer&) = delete;
  Http2Peer& operator=(const Http2Peer&) = delete;

  static HeaderList get(const std::string& path, const std::string& host = "shop.test") {
    return {{":method", "GET"}, {":scheme", "https"}, {":authority", host}, {":path", path}};
  }
  static HeaderList post(const std::string& path) {
    return {
        {":method", "POST"}, {":scheme", "https"}, {":authority", "shop.test"}, {":path", path}};
  }

  // The stream's id. A body that is nullptr ends the stream at once; write() adds to an open one.
  enum class Body : std::uint8_t { none, open };
  int submit(const HeaderList& headers, Body body = Body::none) {
    std::vector<nghttp2_nv> fields;
    for (const auto& [name, value] : headers)
      fields.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
    nghttp2_data_provider provider{};
    provider.source.ptr = this;
    provider.read_callback = read_upload;
    const int id = ::nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                            body == Body::open ? &provider : nullptr, nullptr);
    answers_[id];
    return id;
  }
  void write(int id, std::string_view text) {
    uploads_[id].text += text;
    ::nghttp2_session_resume_data(session_, id);
  }
  void end(int id, HeaderList trailers = {}) {
    uploads_[id].is_ended = true;
    uploads_[id].trailers = std::move(trailers);
    ::nghttp2_session_resume_data(session_, id);
  }
  void reset(int id) { ::nghttp2_submit_rst_stream(session_, 0, id, NGHTTP2_CANCEL); }

  bool send() {
    for (;;) {
      const std::uint8_t* frames = nullptr;
      const auto count = ::nghttp2_session_mem_send(session_, &frames);
      if (count <= 0) return count == 0;
      if (!write_({reinterpret_cast<const char*>(frames), static_cast<std::size_t>(count)}))
        return false;
    }
  }
  // Sends and receives until `is_enough`. False when the connection ends before.
  template <class Condition>
  bool run(Condition is_enough) {
    for (;;) {
      if (!send()) return false;
      if (is_enough()) return true;
      const auto text = read_();
      if (text.empty()) return false;
      if (::nghttp2_session_mem_recv(session_, bytes(text), text.size()) < 0) return false;
    }
  }
  Answer ask(const HeaderList& headers) {
    const int id = submit(headers);
    run([&] { return answers_[id].is_ended; });
    return answers_[id];
  }
  Answer& answer(int id) { return answers_[id]; }
  [[nodiscard]] bool has_goaway() const { return has_goaway_; }
  [[nodiscard]] std::uint32_t goaway_code() const { return goaway_code_; }
  [[nodiscard]] nghttp2_session* session() const { return session_; }

 private:
  struct Upload {
    std::string text;
    HeaderList trailers;
    bool is_ended = false;
  };
  void begin() {
    nghttp2_session_callbacks* callbacks = nullptr;
    ::nghttp2_session_callbacks_new(&callbacks);
    ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    ::nghttp2_session_client_new(&session_, callbacks, this);
    ::nghttp2_session_callbacks_del(callbacks);
    ::nghttp2_submit_settings(session_, 0, nullptr, 0);
  }
  static std::uint8_t* bytes(std::string_view text) {
    return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  }
  static Http2Peer& self(void* data) { return *static_cast<Http2Peer*>(data); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* data) {
    auto& answer = self(data).answers_[frame->hd.stream_id];
    const std::string key(reinterpret_cast<const char*>(name), name_size);
    const std::string text(reinterpret_cast<const char*>(value), value_size);
    if (answer.has_head) {
      answer.trailers[key] = text;
      return 0;
    }
    if (key == ":status") {
      if (answer.status != 0) answer.interim.push_back(answer.status);
      answer.status = parse_number<int>(text).value_or(0);
    }
    answer.fields[key] = text;
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    if (frame->hd.type == NGHTTP2_HEADERS) {
      auto& answer = self(data).answers_[frame->hd.stream_id];
      if (!answer.has_head) answer.is_head_only = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
      answer.has_head = answer.status >= 200;
    }
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      self(data).has_goaway_ = true;
      self(data).goaway_code_ = frame->goaway.error_code;
    }
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* text,
                     std::size_t size, void* data) {
    self(data).answers_[id].body.append(reinterpret_cast<const char*>(text), size);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* data) {
    self(data).answers_[id].is_ended = true;
    self(data).answers_[id].reset_code = code;
    return 0;
  }
  static ssize_t read_upload(nghttp2_session* native, std::int32_t id, std::uint8_t* into,
                             std::size_t count, std::uint32_t* flags, nghttp2_data_source* source,
                             void*) {
    auto& upload = static_cast<Http2Peer*>(source->ptr)->uploads_[id];
    const auto taken = std::min(count, upload.text.size());
    std::memcpy(into, upload.text.data(), taken);
    upload.text.erase(0, taken);
    if (upload.text.empty() && upload.is_ended) {
      *flags |= NGHTTP2_DATA_FLAG_EOF;
      if (!upload.trailers.empty()) {
        *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
        std::vector<nghttp2_nv> fields;
        for (const auto& [name, value] : upload.trailers)
          fields.push_back({bytes(name), bytes(value), name.size(), value.size(), 0});
        ::nghttp2_submit_trailer(native, id, fields.data(), fields.size());
      }
    } else if (taken == 0) {
      return NGHTTP2_ERR_DEFERRED;
    }
    return static_cast<ssize_t>(taken);
  }

  std::function<bool(std::string_view)> write_;
  std::function<std::string()> read_;
  nghttp2_session* session_ = nullptr;
  std::map<int, Answer> answers_;
  std::map<int, Upload> uploads_;
  bool has_goaway_ = false;
  std::uint32_t goaway_code_ = 0;
};

}  // namespace temps::proxy::testing
