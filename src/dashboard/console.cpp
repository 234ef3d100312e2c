#include "dashboard/console.hpp"

#include <fmt/format.h>

#include "compress/compress.hpp"
#include "compress/encoder.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "dashboard/pages.hpp"
#include "http1/codings.hpp"
#include "http1/fields.hpp"

namespace temps::dashboard {
namespace {

constexpr std::size_t file_bytes_max = 16U << 20U;

// RFC 9110 §13.1.2: compared weakly, and a proxy on the way may have made a tag weak.
bool is_known(const http::Request& request, std::string_view tag) {
  bool known = false;
  http1::for_each_element(request.headers.find("if-none-match").value_or(""),
                          [&](std::string_view element) {
                            if (element.starts_with("W/")) element.remove_prefix(2);
                            known = known || element == tag;
                          });
  return known;
}

struct Form {
  std::string_view coding;  // empty: as it is
  std::string body;
};

Form form_for(const ConsoleFile& file, std::string_view accepted) {
  for (const auto& sibling : http1::accepted_siblings(accepted)) {
    if (sibling.name == "br") return {"br", std::string(file.brotli)};
    if (sibling.name == "gzip") return {"gzip", std::string(file.gzip)};
  }
  // Next to nobody: kept compressed only.
  return {{}, compress::gunzip(file.gzip, file_bytes_max).value_or(std::string{})};
}

http::Response answer(const ConsoleFile& file, const http::Request& request) {
  auto form = form_for(file, request.headers.find("accept-encoding").value_or(""));
  // A strong tag is one of bytes: each coding has its own.
  const auto tag = fmt::format("\"{}{}{}\"", file.tag, form.coding.empty() ? "" : "-", form.coding);
  http::Response response;
  response.headers.add("ETag", tag);
  response.headers.add("Vary", "Accept-Encoding");
  response.headers.add("Cache-Control",
                       file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.add("Content-Type", std::string(file.type));
  if (is_known(request, tag)) {
    response.status = 304;
    return response;
  }
  if (!form.coding.empty()) response.headers.add("Content-Encoding", std::string(form.coding));
  response.body = std::move(form.body);
  return response;
}

}  // namespace

Console::Console(std::string_view admin_command) {
  const auto text = replaced(console_page(), "{{admin_command}}", escaped(admin_command));
  page_tag_ = crypto::sha256_hex(text).substr(0, 16);
  page_gzip_ = compress::gzip(text);
  page_brotli_ = compress::encode(compress::Coding::brotli, text, compress::Effort::once);
  page_ = {.name = "index.html",
           .type = "text/html; charset=utf-8",
           .tag = page_tag_,
           .lasting = false,
           .gzip = page_gzip_,
           .brotli = page_brotli_};
  for (const auto& file : console_files()) files_.emplace(file.name, &file);
}

http::Response Console::page(const http::Request& request) const { return answer(page_, request); }

std::optional<http::Response> Console::file(std::string_view name,
                                            const http::Request& request) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  return answer(*found->second, request);
}

}  // namespace temps::dashboard
