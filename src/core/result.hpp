// Errors as values: a catalogue row says what went wrong, the detail says it for this user.
#pragma once
#include <fmt/core.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace temps {

// The closed set of what can go wrong; each kind is one HTTP status (http/problem.cpp) and one exit
// code (app).
enum class ErrorKind : std::uint8_t {
  invalid,          // 400
  unauthenticated,  // 401
  forbidden,        // 403
  not_found,        // 404
  conflict,         // 409
  gone,             // 410
  too_large,        // 413
  rate_limited,     // 429
  unavailable,      // 503
  timeout,          // 504
  cancelled,        // 503: the work was called off, mostly because the process stops
  internal,         // 500
};

// One row of a module's error catalogue. `code` ("module.reason") is API: never renamed once
// shipped.
struct ErrorCode {
  std::string_view code;
  ErrorKind kind;
  std::string_view title;
  constexpr bool operator==(const ErrorCode& other) const { return code == other.code; }
};

// What is wrong with one field of the input; `pointer` is a JSON pointer (RFC 6901).
struct FieldError {
  std::string pointer;
  std::string detail;
};

// An error on its way to the user. Immutable; a copy costs a reference count.
class Error {
 public:
  Error(const ErrorCode& code, std::string detail, std::vector<FieldError> fields = {},
        std::string cause = {})
      : body_(std::make_shared<const Body>(
            Body{code, std::move(detail), std::move(fields), std::move(cause), {}})) {}

  [[nodiscard]] const ErrorCode& code() const { return body_->code; }
  // For the user: says what happened and what to do next.
  [[nodiscard]] std::string_view detail() const { return body_->detail; }
  [[nodiscard]] const std::vector<FieldError>& fields() const { return body_->fields; }
  // For the log only, never for the user.
  [[nodiscard]] std::string_view cause() const { return body_->cause; }
  [[nodiscard]] bool is(const ErrorCode& code) const { return body_->code == code; }

  // The same error with a cause for the log.
  [[nodiscard]] Error because(std::string cause) const {
    auto body = *body_;
    body.cause = std::move(cause);
    return Error(std::make_shared<const Body>(std::move(body)));
  }
  // The same error, saying when it makes sense to try again.
  [[nodiscard]] Error retry_in(std::chrono::seconds wait) const {
    auto body = *body_;
    body.retry_after = wait;
    return Error(std::make_shared<const Body>(std::move(body)));
  }
  // Zero where nothing is known.
  [[nodiscard]] std::chrono::seconds retry_after() const { return body_->retry_after; }

 private:
  struct Body {
    ErrorCode code;
    std::string detail;
    std::vector<FieldError> fields;
    std::string cause;
    std::chrono::seconds retry_after;
  };
  explicit Error(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

template <class T = void>
using Result = std::expected<T, Error>;

// `return fail(errors::name_taken, "project \"{}\" exists already", name);` in functions that yield
// a Result; `co_await fail(…)` in a Task.
template <class... Args>
  requires(sizeof...(Args) > 0)
std::unexpected<Error> fail(const ErrorCode& code, fmt::format_string<Args...> text,
                            Args&&... args) {
  return std::unexpected(Error(code, fmt::format(text, std::forward<Args>(args)...)));
}
inline std::unexpected<Error> fail(const ErrorCode& code, std::string detail) {
  return std::unexpected(Error(code, std::move(detail)));
}
inline std::unexpected<Error> fail(const ErrorCode& code) {
  return std::unexpected(Error(code, std::string(code.title)));
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

// Errors that belong to no domain.
namespace errors {
inline constexpr ErrorCode cancelled{"core.cancelled", ErrorKind::cancelled,
                                     "The work was called off"};
inline constexpr ErrorCode timed_out{"core.timed_out", ErrorKind::timeout,
                                     "The work took too long"};
inline constexpr ErrorCode internal{"core.internal", ErrorKind::internal,
                                    "Something failed inside Temps"};
inline constexpr ErrorCode system{"core.system", ErrorKind::internal,
                                  "The operating system refused"};
}  // namespace errors

// An errno as an error: `fail_errno("cannot open {}", path)`; reads errno at the call.
Error errno_error(std::string what, int code);

}  // namespace temps
