// The conversation with one authority: nonces, signatures, limits. Private to acme.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "acme/jws.hpp"
#include "acme/options.hpp"
#include "acme/problem.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace temps::acme {

inline constexpr std::size_t answer_bytes_max = 256UL << 10U;

struct Reply {
  int status = 0;
  http::Headers headers{};
  std::string body{};
  std::optional<std::chrono::seconds> retry_after{};

  [[nodiscard]] std::string location() const;
  // The body as a JSON object. Fails with `bad_answer`.
  [[nodiscard]] Result<json::Value> object() const;
};

struct Call {
  std::string url;
  std::string payload{};      // empty: a POST-as-GET
  std::string account_url{};  // empty: signed with the key itself in the request
  std::string accept{};
  std::size_t bytes_max = answer_bytes_max;
};

class Session {
 public:
  Session(net::Loop& loop, const Clock& clock, const Options& options)
      : loop_(loop), clock_(clock), options_(options) {}

  // Asked for once.
  Task<Directory> directory();
  // Without a signature. Fails as `post` does.
  Task<Reply> get(std::string url);
  // Answers of 400 and above are errors, with Error::retry_after where the authority says so; a
  // nonce that is refused is replaced and the call repeated.
  Task<Reply> post(Key key, Call call);

 private:
  Task<Reply> exchange(http::ClientRequest request, std::string url, std::size_t bytes_max);
  Task<http::Url> checked_url(std::string text);
  Task<std::string> nonce();
  void keep_nonce(const Reply& reply);
  [[nodiscard]] Error connection_error(const Error& cause, const std::string& url) const;

  net::Loop& loop_;
  const Clock& clock_;
  const Options& options_;
  std::optional<Directory> directory_;
  std::vector<std::string> nonces_;
};

// "120", or a date of HTTP. Never negative, at most a week.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Instant now);

}  // namespace temps::acme
