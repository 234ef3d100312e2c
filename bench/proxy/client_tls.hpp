// The client's side of TLS 1.3, with the session to resume where that is measured.
#pragma once
#include <string>

struct ssl_ctx_st;
struct ssl_st;
struct ssl_session_st;

namespace temps::bench {

enum class Resumption { off, on };

class ClientTls {
 public:
  explicit ClientTls(Resumption resumption);
  ~ClientTls();
  ClientTls(const ClientTls&) = delete;
  ClientTls& operator=(const ClientTls&) = delete;

  // A session over `fd` that asks for `host`; the caller frees it.
  [[nodiscard]] ssl_st* open(int fd, const std::string& host) const;

 private:
  ssl_ctx_st* context_;
  ssl_session_st* latest_ = nullptr;  // the ticket that came last
};

}  // namespace temps::bench
