// The heads that the proxy sends on: hop-by-hop fields left out, forwarding fields rebuilt.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "http1/http1.hpp"

namespace temps::proxy {

class Policy;

// What the proxy says of a request to its app, in place of what the client says about it.
struct Origin {
  std::string_view client_address;
  std::string_view scheme;  // "http" or "https"
  std::string_view request_id;
  std::string_view host{};       // as the client asked for it; empty: as the request says
  std::string_view port{};       // that the client has connected to; empty: that of the host
  std::string_view site{};       // the release on whose host the console is asked; else empty
  std::string_view trailers{};   // the names of fields behind the body; empty: none are passed on
  std::string_view trace{};      // a traceparent; empty: the request's own is passed on
  bool is_peer_trusted = false;  // may it send other X-Forwarded-… fields?
};
// May a client that is no trusted proxy send a field of this name, or does the proxy say it alone?
bool may_be_sent(std::string_view name);

// `upgrade` says whether to pass the wish to upgrade on. Appends to `out`.
enum class Upgrading : std::uint8_t { no, yes };
void write_request_head(std::string& out, const http1::RequestHead& head, const Origin& origin,
                        Upgrading upgrading);

struct ResponseForm {
  int client_minor_version = 1;
  http1::Framing framing = http1::Framing::none;  // towards the client; for final responses
  bool keep_alive = true;
  std::string_view request_id;
  const Policy* policy = nullptr;  // may set fields of its own
  bool with_trailers = false;      // these may follow: their announcement is passed on
};
// The framing towards the client of a response that came with `head`.
http1::Framing framing_for_client(const http1::ResponseHead& head, int client_minor_version);
void write_response_head(std::string& out, const http1::ResponseHead& head,
                         const ResponseForm& form);
// 100, 103 and 101; the latter with its Connection and Upgrade fields.
void write_interim_head(std::string& out, const http1::ResponseHead& head);

void write_field(std::string& out, std::string_view name, std::string_view value);

// Is a client's X-Request-ID worth keeping: short and without characters that could do harm in
// logs?
bool is_sane_request_id(std::string_view id);

}  // namespace temps::proxy
