// The route table that the control plane writes and the data plane serves from: one JSON file,
// replaced atomically.
//
// The two processes also speak over a unix socket of the proxy's, one JSON object per line each way
// (ControlRequest, ControlReply), so that the control plane knows when a table is in force and when
// an old release has drained.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "routing/report.hpp"

namespace temps::routing {

// Files served by the proxy itself.
struct StaticTree {
  std::string root;          // absolute folder
  bool single_page = false;  // navigation to an unknown path gets /index.html
};

// Where requests can go. `id` names it across tables: counts of requests in flight are kept by it.
struct Upstream {
  std::string id;         // "shop-production-12"
  std::string address;    // "127.0.0.1:4001", "[::1]:4001" or "unix:/path/of/socket"
  std::string release{};  // "shop/production/12"; empty: the route's
  // The share of its release in the requests, by comparison with the other releases of the route;
  // upstreams of one release say the same. 0: only for visitors that have been there (sticky).
  std::int32_t weight = 1;
  // What is asked for with GET while it gets no requests because it did not answer them: below 500
  // is good. Empty: the next request of a visitor shows it.
  std::string health_path{};
  // In place of an address: a release without a process, that shares the requests with others.
  std::optional<StaticTree> tree{};
};
inline constexpr std::int32_t weight_max = 1'000'000;
inline constexpr std::int32_t wait_seconds_max = 300;

// Sends every request elsewhere.
struct Redirect {
  std::string to;         // "https://example.com" or "https://example.com/new"; no slash at the end
  int status = 308;       // 301, 302, 307 or 308
  bool keep_path = true;  // the request's path and query are appended to `to`
};

inline constexpr std::size_t response_headers_max = 32;
struct HeaderField {
  std::string name;
  std::string value;
};

// What stands between the network and an answer. All of it is optional.
struct Policy {
  bool maintenance = false;            // nobody gets through: 503 with a page that says so
  std::vector<std::string> allowed{};  // "203.0.113.7", "2001:db8::/32"; empty: everyone
  // HTTP basic authentication (RFC 7617): the user, and "salt:hash" in hex, where the hash is the
  // HMAC-SHA256 of the password under the salt. Empty: none is asked for.
  std::string user{};
  std::string password{};
  std::vector<HeaderField> response_headers{};  // set in every answer, in place of the app's own
  bool compression = true;                      // of answers that the app sends uncompressed
  std::int64_t body_bytes_max = 0;              // of a request; 0: the proxy's own limit
  std::int32_t requests_per_minute = 0;         // of one client's address; 0: no limit
  std::int32_t first_byte_seconds = 0;          // the app may take to answer; 0: the proxy's limit
};

// What the proxy speaks to the upstreams of a route.
enum class Protocol : std::uint8_t {
  auto_,  // HTTP/1.1, and for gRPC HTTP/2 without TLS
  http1,
  h2c,  // HTTP/2 without TLS for everything
};

// One host. At most one of `upstreams`, `tree` and `redirect` is in use; with none the host answers
// 503 (nothing deployed yet).
struct Route {
  std::string
      host;  // lower case, without port; "*.apps.example.com" for every name one level below
  std::vector<Upstream> upstreams{};
  std::optional<StaticTree> tree{};
  std::optional<Redirect> redirect{};
  std::string release{};  // for headers and logs: "shop/production/12"
  // /_temps/… and /api/_temps/… go to the console, which is told the release: what a page sends to
  // its own host is not taken for a stranger's by browsers.
  bool first_party = true;
  bool https_only = false;  // plain HTTP is sent to https, where the proxy has a TLS listener
  std::optional<Policy> policy{};
  Protocol protocol = Protocol::auto_;
  // How long a request waits for an app that takes no connections, because it is being started
  // again; 0: not at all.
  std::int32_t wait_seconds = 10;
  bool sticky = false;  // visitors stay with the upstream that has answered them first
};

// What TLS clients that ask for one of the names are shown. The files are PEM and are read when the
// first of them asks.
struct Certificate {
  std::string id;                  // "12-3"; another one whenever the content is another
  std::vector<std::string> names;  // lower case: "shop.example.com", "*.apps.example.com"
  std::string chain;               // absolute path: the certificate, then its issuers
  std::string key;                 // absolute path
  std::int64_t expires = 0;        // seconds since 1970, for reports; 0: not known
  // An OCSP answer that goes with it, in DER: another path whenever it is another; empty: none.
  std::string staple{};
  std::int64_t staple_expires = 0;  // seconds since 1970; not shown from then on
};

// What an ACME server wants to see while it checks a name (RFC 8555 §8.3, RFC 8737).
struct Challenge {
  std::string name;            // the host, lower case
  std::string token{};         // HTTP-01: /.well-known/acme-challenge/<token> over plain HTTP ...
  std::string response{};      // ... answers with this
  std::string chain{}, key{};  // TLS-ALPN-01: shown to clients that offer acme-tls/1; else empty
};

struct Table {
  std::int64_t version = 0;
  std::vector<Route> routes{};
  std::optional<Upstream> console{};  // the API and dashboard
  std::vector<std::string>
      console_hosts{};  // besides every IP address literal, which always means the console
  std::vector<std::string> https_console_hosts{};  // of them: plain HTTP is sent to https
  std::vector<Certificate> certificates{};
  std::vector<Challenge> challenges{};
  std::uint16_t https_port = 0;  // the public one, for redirects from http; 0: the TLS listener's
  std::string sticky_key{};      // makes the cookies of sticky routes; secret
};

// Fails with `routing.bad_table`: which field, and why.
Result<Table> decode_table(std::string_view json);
std::string encode_table(const Table& table);

// Asks for one thing each: `load` reads the table file and puts it in force; `reload` starts a new
// process in the proxy's place and is answered when that one serves; the others only report.
struct ControlRequest {
  std::optional<std::int64_t> load{};  // the version that the file should hold by now, at least
  std::optional<bool> status{};
  std::optional<std::string> upstream{};  // what this one has answered, by its id
  std::optional<bool> report{};           // everything
  std::optional<bool> reload{};
  // From the new process: the version of the proxy's handover messages. They follow.
  std::optional<std::int64_t> handover{};
};

struct ControlReply {
  std::string error{};           // empty when the request was carried out
  std::int64_t version = 0;      // of the table in force
  std::int64_t connections = 0;  // open client connections
  std::int64_t requests = 0;     // served since the start
  // Those with in_flight > 0, of older tables too; or the one that was asked for, where it is
  // known; in a report all.
  std::vector<UpstreamLoad> upstreams{};
  std::optional<Report> report{};
};

Result<ControlRequest> decode_control_request(std::string_view line);
Result<ControlReply> decode_control_reply(std::string_view line);
std::string encode_control(const ControlRequest& request);  // with the newline
std::string encode_control(const ControlReply& reply);

namespace errors {
inline constexpr ErrorCode bad_table{"routing.bad_table", ErrorKind::invalid,
                                     "The route table cannot be read"};
inline constexpr ErrorCode bad_control{"routing.bad_control", ErrorKind::invalid,
                                       "Not a control message"};
}  // namespace errors

}  // namespace temps::routing
