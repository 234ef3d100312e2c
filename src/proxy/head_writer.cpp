#include "proxy/head_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "core/check.hpp"
#include "proxy/policy.hpp"

namespace temps::proxy {
namespace {

using http1::Field;
using http1::FieldId;
using http1::Framing;

// Written by the proxy itself, or about other connections.
bool is_rebuilt_for_request(FieldId id) {
  return id == FieldId::host || id == FieldId::content_length || http1::is_about_origin(id) ||
         http1::is_hop_by_hop(id);
}

// CGI, WSGI and Rack cannot tell X_Forwarded_For from X-Forwarded-For.
bool imitates_rebuilt(std::string_view name) {
  constexpr std::size_t longest = 24;
  if (name.size() > longest || name.find('_') == std::string_view::npos) return false;
  std::array<char, longest> dashed;
  for (std::size_t i = 0; i < name.size(); ++i) dashed[i] = name[i] == '_' ? '-' : name[i];
  const auto id = http1::field_id({dashed.data(), name.size()});
  return id != FieldId::other && is_rebuilt_for_request(id);
}

// X-Forwarded-Ssl, -Scheme, -Prefix and the like, which frameworks believe.
bool begins_x_forwarded(std::string_view name) {
  constexpr std::string_view prefix = "x-forwarded-";
  if (name.size() <= prefix.size() || (name.front() | 0x20) != 'x') return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const char c = name[i] == '_' ? '-' : static_cast<char>(name[i] | 0x20);
    if (c != prefix[i]) return false;
  }
  return true;
}

// Only the proxy may say it.
constexpr std::string_view site_name = "x-temps-release";

bool is_named(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = name[i] == '_' ? '-' : static_cast<char>(name[i] | 0x20);
    if (c != lower[i]) return false;
  }
  return true;
}

bool is_ours(std::string_view name) { return imitates_rebuilt(name) || is_named(name, site_name); }

bool is_of_trace(FieldId id) { return id == FieldId::traceparent || id == FieldId::tracestate; }

// Writes where there is room already: a head is many short pieces.
class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}
  Pen& operator+=(std::string_view text) {
    // Not memcpy(): an empty text may have no data.
    at_ += text.copy(at_, text.size());
    return *this;
  }
  Pen& operator+=(char c) {
    *at_++ = c;
    return *this;
  }
  void number(std::uint64_t value) {
    constexpr std::size_t digits_max = 20;
    at_ = std::to_chars(at_, at_ + digits_max, value).ptr;
  }
  void field(std::string_view name, std::string_view value) {
    *this += name;
    *this += std::string_view(": ");
    *this += value;
    *this += std::string_view("\r\n");
  }
  [[nodiscard]] const char* at() const { return at_; }

 private:
  char* at_;
};

// Appends what `write(pen)` writes, `bytes_max` at most.
template <class Write>
void append(std::string& out, std::size_t bytes_max, Write write) {
  const auto before = out.size();
  out.resize_and_overwrite(before + bytes_max, [&](char* data, std::size_t) {
    Pen pen(data + before);
    write(pen);
    const auto size = static_cast<std::size_t>(pen.at() - data);
    ensure(size <= before + bytes_max, "a head has more bytes than there is room for");
    return size;
  });
}

// Room for what is written besides names and values of others.
constexpr std::size_t own_bytes = 512;

std::size_t bytes_of(const http1::Fields& fields) {
  constexpr std::size_t framing = 4;
  std::size_t sum = 0;
  for (const auto& field : fields) sum += field.name.size() + field.value.size() + framing;
  return sum;
}

void write_framing(Pen& out, Framing framing, std::uint64_t length) {
  if (framing == Framing::content_length) {
    out += "Content-Length: ";
    out.number(length);
    out += "\r\n";
  } else if (framing == Framing::chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  }
}

// The port that a URL with this authority leads to.
std::string_view port_of(std::string_view authority, std::string_view scheme) {
  const auto colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  const bool has_port = colon != std::string_view::npos && colon + 1 < authority.size() &&
                        (bracket == std::string_view::npos || bracket < colon);
  if (has_port) return authority.substr(colon + 1);
  return scheme == "https" ? "443" : "80";
}

void write_origin(Pen& out, const Origin& origin, std::string_view authority) {
  if (!origin.host.empty()) authority = origin.host;
  const auto address = origin.client_address;
  out += "X-Forwarded-For: ";
  out += address;
  out += "\r\nX-Forwarded-Proto: ";
  out += origin.scheme;
  out += "\r\nX-Forwarded-Host: ";
  out += authority;
  out += "\r\nX-Forwarded-Port: ";
  out += origin.port.empty() ? port_of(authority, origin.scheme) : origin.port;
  out += "\r\nX-Real-IP: ";
  out += address;
  // RFC 7239 §4: a value that is no token stands in quotes. Neither addresses nor authorities have
  // characters that would have to be escaped.
  const bool is_six = address.find(':') != std::string_view::npos;
  out += is_six ? "\r\nForwarded: for=\"[" : "\r\nForwarded: for=";
  out += address;
  out += is_six ? "]\";proto=" : ";proto=";
  out += origin.scheme;
  const bool is_plain = authority.find_first_of(":[") == std::string_view::npos;
  out += is_plain ? ";host=" : ";host=\"";
  out += authority;
  out += is_plain ? "\r\nX-Request-ID: " : "\"\r\nX-Request-ID: ";
  out += origin.request_id;
  out += "\r\n";
  if (!origin.trace.empty()) out.field("traceparent", origin.trace);
}

void write_status(Pen& out, int status, std::string_view reason) {
  out += "HTTP/1.1 ";
  out.number(static_cast<std::uint64_t>(status));
  out += ' ';
  out += reason.empty() ? http1::reason_phrase(status) : reason;
  out += "\r\n";
}

}  // namespace

void write_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool is_sane_request_id(std::string_view id) {
  constexpr std::size_t longest = 128;
  return !id.empty() && id.size() <= longest && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.:+/=").find(c) != std::string_view::npos;
  });
}

void write_request_head(std::string& text, const http1::RequestHead& head, const Origin& origin,
                        Upgrading upgrading) {
  const std::string_view authority = head.authority.empty() ? "localhost" : head.authority;
  const auto bytes_max = own_bytes + head.method_text.size() + head.path.size() +
                         head.query.size() + bytes_of(head.fields) + 4 * authority.size() +
                         3 * origin.host.size() + 3 * origin.client_address.size() +
                         origin.port.size() + origin.request_id.size() + origin.trace.size() +
                         origin.site.size() + origin.trailers.size() + head.upgrade.size();
  append(text, bytes_max, [&](Pen& out) {
    out += head.method_text;
    out += ' ';
    out += head.path;
    if (head.has_query) {
      out += '?';
      out += head.query;
    }
    out += " HTTP/1.1\r\n";
    out.field("Host", authority);
    for (const auto& field : head.fields) {
      if (is_rebuilt_for_request(field.id)) continue;
      if (head.connection_names && head.fields.connection_lists(field.name)) continue;
      if (field.id == FieldId::expect && !head.expect_continue) continue;
      if (is_of_trace(field.id) && !origin.trace.empty()) continue;
      if (field.id == FieldId::other && is_ours(field.name)) continue;
      if (field.id == FieldId::other && !origin.is_peer_trusted && begins_x_forwarded(field.name))
        continue;
      out.field(field.name, field.value);
    }
    write_origin(out, origin, authority);
    if (!origin.site.empty()) out.field("X-Temps-Release", origin.site);
    if (!origin.trailers.empty()) out.field("Trailer", origin.trailers);
    write_framing(out, head.framing, head.content_length);
    if (upgrading == Upgrading::yes) {
      out += "Connection: upgrade\r\n";
      out.field("Upgrade", head.upgrade);
    }
    out += "\r\n";
  });
}

bool may_be_sent(std::string_view name) { return !is_ours(name) && !begins_x_forwarded(name); }

Framing framing_for_client(const http1::ResponseHead& head, int client_minor_version) {
  if (head.framing != Framing::chunked && head.framing != Framing::until_close) return head.framing;
  return client_minor_version >= 1 ? Framing::chunked : Framing::until_close;
}

void write_response_head(std::string& text, const http1::ResponseHead& head,
                         const ResponseForm& form) {
  auto bytes_max = own_bytes + head.reason.size() + bytes_of(head.fields) + form.request_id.size();
  if (form.policy != nullptr)
    for (const auto& field : form.policy->response_headers())
      bytes_max += field.name.size() + field.value.size() + 4;
  append(text, bytes_max, [&](Pen& out) {
    write_status(out, head.status, head.reason);
    bool has_request_id = false;
    for (const auto& field : head.fields) {
      const bool is_announcement = field.id == FieldId::trailer && form.with_trailers;
      if (http1::is_hop_by_hop(field.id) && !is_announcement) continue;
      if (field.id == FieldId::content_length) continue;
      if (head.connection_names && head.fields.connection_lists(field.name)) continue;
      if (form.policy != nullptr && form.policy->sets(field.name)) continue;
      has_request_id = has_request_id || field.id == FieldId::x_request_id;
      out.field(field.name, field.value);
    }
    if (form.policy != nullptr)
      for (const auto& field : form.policy->response_headers()) out.field(field.name, field.value);
    if (!has_request_id) out.field("X-Request-ID", form.request_id);
    // To HEAD and 304 the length is that of the body which is not sent (RFC 9110 §8.6).
    const bool announces = form.framing == Framing::none && head.has_content_length &&
                           head.status != 204 && head.status >= 200;
    write_framing(out, announces ? Framing::content_length : form.framing, head.content_length);
    if (!form.keep_alive) {
      out += "Connection: close\r\n";
    } else if (form.client_minor_version == 0) {
      out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
  });
}

void write_interim_head(std::string& text, const http1::ResponseHead& head) {
  append(text, own_bytes + head.reason.size() + 2 * bytes_of(head.fields), [&](Pen& out) {
    write_status(out, head.status, head.reason);
    for (const auto& field : head.fields) {
      if (http1::is_hop_by_hop(field.id) || field.id == FieldId::content_length) continue;
      out.field(field.name, field.value);
    }
    if (head.status == 101) {
      out += "Connection: upgrade\r\n";
      out.field("Upgrade", head.fields.value(FieldId::upgrade));
    }
    out += "\r\n";
  });
}

}  // namespace temps::proxy
