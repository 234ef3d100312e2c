// HTTP/1.1 message heads and bodies, read strictly (RFC 9112): what two readers could understand
// differently is refused, because that is how requests are smuggled.
//
// Nothing here allocates or does I/O. The caller owns the buffer; heads are views into it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "http1/fields.hpp"

namespace temps::http1 {

enum class Method : std::uint8_t {
  get,
  head,
  post,
  put,
  delete_,
  connect,
  options,
  trace,
  patch,
  other,
};
Method method_of(std::string_view text);  // case matters
// RFC 9110 §9.2.2: may a request be sent again when nobody knows whether it was carried out?
constexpr bool is_idempotent(Method method) {
  return method != Method::post && method != Method::patch && method != Method::connect &&
         method != Method::other;
}

// RFC 9110 §9.2.1: does a request only ask, and change nothing?
constexpr bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options ||
         method == Method::trace;
}

enum class Progress : std::uint8_t { need_more, complete, failed };

// Why a message was refused. `status` is what a server answers; a client or proxy that reads a
// response reports a bad gateway instead.
struct Failure {
  int status = 0;
  std::string_view reason;  // a sentence without full stop, static text
};

struct HeadLimits {
  std::size_t head_bytes = 32 * 1024;   // start line and fields together: 431
  std::size_t target_bytes = 8 * 1024;  // 414
  std::size_t fields = 100;             // 431; at most Fields::capacity
};

// How the end of a body is found (RFC 9112 §6.3).
enum class Framing : std::uint8_t { none, content_length, chunked, until_close };

struct Field {
  std::string_view name;   // as written
  std::string_view value;  // without surrounding white space; may be empty
  FieldId id = FieldId::other;
};

// The fields of one head in their order.
class Fields {
 public:
  static constexpr std::size_t capacity = 128;

  [[nodiscard]] const Field* begin() const { return fields_.data(); }
  [[nodiscard]] const Field* end() const { return fields_.data() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // The first field of that name, or nullptr.
  [[nodiscard]] const Field* find(FieldId id) const;
  [[nodiscard]] const Field* find(std::string_view name) const;
  // Its value, empty where there is none.
  [[nodiscard]] std::string_view value(FieldId id) const;
  // How many fields have that name.
  [[nodiscard]] std::size_t count(FieldId id) const;
  // Is `token` in a Connection field? Such a field name must not be passed on (RFC 9110 §7.6.1).
  [[nodiscard]] bool connection_lists(std::string_view token) const;

  // For heads that come from elsewhere than a buffer of HTTP/1. False when there is no room.
  bool add(std::string_view name, std::string_view value);
  void clear() { size_ = 0; }

 private:
  friend class HeadReader;
  std::array<Field, capacity> fields_;
  std::size_t size_ = 0;
};

// What the fields say about connection and body, the same for requests and responses.
struct Derived {
  int minor_version = 1;  // HTTP/1.<minor_version>, 0 or 1
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;  // of framing content_length; also as announced to HEAD and 304
  bool has_content_length = false;
  bool keep_alive = true;         // may the connection carry another message after this one?
  bool connection_names = false;  // Connection lists more than close, keep-alive and upgrade
  std::string_view upgrade;       // the Upgrade field where Connection says upgrade, else empty
  std::size_t length = 0;         // bytes of the head in the buffer, the empty line included
};

struct RequestHead : Derived {
  Method method = Method::other;
  std::string_view method_text;
  std::string_view target;  // as written
  std::string_view path;    // "/a%20b", "*" for OPTIONS *, empty for CONNECT; never decoded
  std::string_view query;   // after '?', without it
  bool has_query = false;
  std::string_view authority;  // host and port: of the target if it is absolute, else of Host
  std::string_view host;       // without the port; an IPv6 address keeps its brackets
  std::string_view port;       // empty where none is given
  bool expect_continue = false;
  Fields fields;
};

struct ResponseHead : Derived {
  int status = 0;
  std::string_view reason;
  Fields fields;
};

// Splits the lines of a head; the parsers below are built on it.
class HeadReader {
 public:
  explicit HeadReader(HeadLimits limits) : limits_(limits) {}
  [[nodiscard]] const Failure& failure() const { return failure_; }
  // Has any byte of a message been seen?
  [[nodiscard]] bool started() const { return started_; }

 protected:
  enum class Line : std::uint8_t { none, start, field, end, failed };
  struct Next {
    Line kind;
    std::string_view text;
  };
  Next next_line(std::string_view buffer, std::size_t start_line_max);
  bool add_field(std::string_view line, Fields& fields);
  // Reads Content-Length, Transfer-Encoding, Connection and Upgrade.
  bool derive(const Fields& fields, Derived& derived);
  // The distance by which views into the buffer must move, because the caller moved it.
  std::ptrdiff_t rebase(std::string_view buffer, Fields& fields);
  Progress fail(int status, std::string_view reason);
  void clear(Fields& fields);

  HeadLimits limits_;
  Failure failure_;
  Progress state_ = Progress::need_more;
  bool has_transfer_encoding_ = false;

 private:
  bool derive_framing(const Fields& fields, Derived& derived);
  bool add_coding(std::string_view list, int& chunked_count, bool& other_coding);
  void derive_connection(const Fields& fields, Derived& derived);
  bool check_first_byte(std::string_view buffer);

  const char* base_ = nullptr;
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;
  bool started_ = false;
  bool start_line_seen_ = false;
};

// Reads one request head. Feed it the buffer from the head's first byte on, again and again as it
// grows; the buffer may have moved in between. After `complete` the head's views point into the
// buffer fed last; after `failed` answer failure().status and close.
class RequestParser : HeadReader {
 public:
  RequestParser() : HeadReader({}) {}
  explicit RequestParser(HeadLimits limits) : HeadReader(limits) {}
  Progress feed(std::string_view buffer);
  [[nodiscard]] const RequestHead& head() const [[clang::lifetimebound]] { return head_; }
  using HeadReader::failure;
  using HeadReader::started;
  void reset();  // for the next message

 private:
  bool start_line(std::string_view line);
  Progress finish();
  bool split_target();
  bool split_absolute(std::string_view rest);
  void split_path(std::string_view path_and_query);

  RequestHead head_;
};

// Reads one response head, interim (1xx) ones too: reset() and read the next after those, except
// after 101, which ends HTTP on the connection.
class ResponseParser : HeadReader {
 public:
  ResponseParser() : HeadReader({}) {}
  explicit ResponseParser(HeadLimits limits) : HeadReader(limits) {}
  // `request` is the method that is being answered: HEAD and CONNECT change the framing.
  Progress feed(std::string_view buffer, Method request);
  [[nodiscard]] const ResponseHead& head() const [[clang::lifetimebound]] { return head_; }
  using HeadReader::failure;
  using HeadReader::started;
  void reset();

 private:
  bool start_line(std::string_view line);
  Progress finish(Method request);

  ResponseHead head_;
};

// Is `authority` "name", "name:port", "1.2.3.4:80" or "[::1]:80"? Splits it where it is.
bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port);

// The usual words for a status: "Not Found"; empty for unknown ones.
std::string_view reason_phrase(int status);

}  // namespace temps::http1
