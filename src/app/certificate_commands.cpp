#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "x509/x509.hpp"

namespace temps::app {

namespace {

struct Ocsp {
  std::string word;
  std::string detail;
};
struct Certificate {
  std::int64_t id;
  std::vector<std::string> names;
  std::string issuer;
  std::string source;
  std::string expires_at;
  std::int64_t days_left;
  bool expires_soon;
  std::vector<std::string> used_by;
  std::optional<Ocsp> ocsp;
  std::optional<bool> in_force;
};
struct Page {
  std::vector<Certificate> items;
  std::optional<std::string> next;
};
struct Upload {
  std::string chain;
  std::string key;
};

std::string lifetime(const Certificate& certificate) {
  const auto day = certificate.expires_at.substr(0, 10);
  if (certificate.days_left < 0) return fmt::format("expired {}", day);
  if (certificate.ocsp && certificate.ocsp->word == "revoked") {
    return fmt::format("REVOKED ({})", certificate.ocsp->detail);
  }
  return fmt::format("until {} ({} days{})", day, certificate.days_left,
                     certificate.expires_soon ? ": soon over" : "");
}

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  bool any = false;
  for (;;) {
    auto text = co_await client.call(
        "GET", "/api/v1/certificates?limit=100" + (cursor.empty() ? "" : "&cursor=" + cursor));
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Page>(text);
    for (const auto& one : page.items) {
      any = true;
      if (common.format == Format::json) continue;
      print(fmt::format("#{:<4} {:<32} {:<9} {}  by {}; {}", one.id, join(one.names, ", "),
                        one.source, lifetime(one), one.issuer,
                        one.used_by.empty() ? "not in use" : "used by " + join(one.used_by, ", ")));
    }
    if (!page.next) break;
    cursor = *page.next;
  }
  if (!any) {
    note("No certificates yet. Upload one with: temps certificate upload --chain FILE --key FILE");
  }
}

Result<std::string> read_file(const std::string& file, std::size_t limit) {
  auto text = files::read(file, limit);
  if (!text) return fail(errors::usage, "{}: {}", file, text.error().detail());
  return text;
}

Task<> upload(net::Loop& loop, Common common, std::string chain_file, std::string key_file) {
  ApiClient client(loop, co_await find_target(common.url));
  const Upload wanted{.chain = co_await read_file(chain_file, x509::chain_bytes_max),
                      .key = co_await read_file(key_file, x509::key_bytes_max)};
  auto text = co_await client.call("POST", "/api/v1/certificates", json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto one = co_await json::decode<Certificate>(text);
  print(fmt::format("Uploaded #{} for {}: {}.", one.id, join(one.names, ", "), lifetime(one)));
  if (!one.in_force.value_or(true)) note("The proxy is away; it takes it when it is back.");
  if (one.used_by.empty()) {
    note(fmt::format("No domain uses it yet: temps domain add {} --project NAME",
                     one.names.empty() ? "DOMAIN" : one.names.front()));
  } else {
    note(fmt::format("Visitors of {} are shown it over https.", join(one.used_by, ", ")));
  }
}

Task<> renew(net::Loop& loop, Common common, std::int64_t id) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("POST", fmt::format("/api/v1/certificates/{}/renew", id));
  print(fmt::format("#{} is being renewed; visitors are shown the old one until then.", id));
  note("What becomes of it: temps domain list --project NAME");
}

Task<> remove(net::Loop& loop, Common common, std::int64_t id) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto path = fmt::format("/api/v1/certificates/{}", id);
  const auto one = co_await client.get<Certificate>(path);
  co_await client.call("DELETE", path);
  done(common.format, fmt::format("Removed #{}.", id));
  if (!one.used_by.empty()) {
    note(fmt::format("Without another certificate these answer over http only: {}",
                     join(one.used_by, ", ")));
  }
}

}  // namespace

Result<> list_certificates(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}
Result<> upload_certificate(const Common& common, const std::string& chain_file,
                            const std::string& key_file) {
  net::Loop loop;
  return loop.run(upload(loop, common, chain_file, key_file));
}
Result<> renew_certificate(const Common& common, std::int64_t id) {
  net::Loop loop;
  return loop.run(renew(loop, common, id));
}
Result<> remove_certificate(const Common& common, std::int64_t id) {
  net::Loop loop;
  return loop.run(remove(loop, common, id));
}

}  // namespace temps::app
