#include "proxy/forwarding.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/text.hpp"

namespace temps::proxy {
namespace {

using http1::Field;
using http1::FieldId;
using http1::Fields;

// Proxies in a row; what stands farther from the end of a list is not looked at.
constexpr std::size_t hops_max = 32;

// "203.0.113.7", "203.0.113.7:4711", "2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:4711".
std::optional<IpAddress> address_of(std::string_view node) {
  if (node.starts_with('[')) {
    const auto end = node.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = node.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    return IpAddress::parse(node.substr(1, end - 1));
  }
  const auto colon = node.find(':');
  const bool has_port = colon != std::string_view::npos && colon == node.rfind(':');
  return IpAddress::parse(has_port ? node.substr(0, colon) : node);
}

// Goes from hop to hop, away from us.
class Walk {
 public:
  explicit Walk(const Networks& trusted) : trusted_(trusted) {}
  enum class Next : std::uint8_t { farther, stop };
  Next to(std::string_view node) {
    const auto address = address_of(node);
    // Who hides is not known, and who is behind it, neither.
    if (!address) return Next::stop;
    found_ = address;
    return trusted_.contains(*address) && ++hops_ < hops_max ? Next::farther : Next::stop;
  }
  [[nodiscard]] const std::optional<IpAddress>& found() const { return found_; }

 private:
  const Networks& trusted_;
  std::optional<IpAddress> found_;
  std::size_t hops_ = 0;
};

// The last element of a list; `list` is what stands before it.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const bool is_only = comma == std::string_view::npos;
  const auto element = trimmed(is_only ? list : list.substr(comma + 1));
  list = is_only ? std::string_view{} : list.substr(0, comma);
  return element;
}

// Calls `visit(value)` for the fields of the name, the last one first, until it says stop.
template <class Visit>
void for_each_from_end(const Fields& fields, FieldId id, Visit&& visit) {
  for (const auto* field = fields.end(); field != fields.begin();) {
    --field;
    if (field->id == id && visit(field->value) == Walk::Next::stop) return;
  }
}

std::string_view last_value(const Fields& fields, FieldId id) {
  std::string_view last;
  for_each_from_end(fields, id, [&](std::string_view value) {
    last = take_last(value);
    return Walk::Next::stop;
  });
  return last;
}

// Balancers call WebSockets by their own schemes.
Forwarding::Scheme scheme_of(std::string_view text) {
  if (equal_ignoring_case(text, "https") || equal_ignoring_case(text, "wss"))
    return Forwarding::Scheme::https;
  if (equal_ignoring_case(text, "http") || equal_ignoring_case(text, "ws"))
    return Forwarding::Scheme::http;
  return Forwarding::Scheme::unsaid;
}

void set_host(Forwarding& into, std::string_view authority) {
  std::string_view host;
  std::string_view port;
  if (http1::split_authority(authority, host, port)) into.host.assign(authority);
}

void read_x_forwarded(const Fields& fields, Walk& walk, Forwarding& into) {
  for_each_from_end(fields, FieldId::x_forwarded_for, [&](std::string_view list) {
    auto next = Walk::Next::farther;
    while (!list.empty() && next == Walk::Next::farther) next = walk.to(take_last(list));
    return next;
  });
  into.scheme = scheme_of(last_value(fields, FieldId::x_forwarded_proto));
  set_host(into, last_value(fields, FieldId::x_forwarded_host));
  const auto port = last_value(fields, FieldId::x_forwarded_port);
  if (const auto number = parse_number<std::uint16_t>(port); number && *number > 0)
    into.port.assign(port);
}

// One element of Forwarded: what one proxy says of the request that it got.
struct Hop {
  std::string_view node, scheme, host;
};

// The elements of one Forwarded field.
class HopReader {
 public:
  explicit HopReader(std::string_view text) : rest_(text) {}
  // False where the text is no Forwarded field: a quote that the client has left open must not
  // swallow what proxies have said behind it.
  bool read() {
    for (;;) {
      Hop hop;
      if (!read_hop(hop)) return false;
      hops_[count_++ % hops_max] = hop;
      if (rest_.empty()) return true;
      rest_.remove_prefix(1);  // the comma
    }
  }
  [[nodiscard]] std::size_t size() const { return std::min(count_, hops_max); }
  [[nodiscard]] const Hop& from_end(std::size_t i) const {
    return hops_[(count_ - 1 - i) % hops_max];
  }

 private:
  void skip_blanks() {
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) rest_.remove_prefix(1);
  }
  std::string_view take_token() {
    std::size_t end = 0;
    while (end < rest_.size() && http1::is_token_character(rest_[end])) ++end;
    const auto token = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return token;
  }
  // Without its quotes. Nothing that is believed has a character that would have to be escaped.
  bool take_quoted(std::string_view& text) {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') {
        ++i;
      } else if (rest_[i] == '"') {
        text = rest_.substr(1, i - 1);
        rest_.remove_prefix(i + 1);
        return true;
      }
    }
    return false;
  }
  bool read_pair(Hop& hop) {
    const auto name = take_token();
    if (name.empty() || !rest_.starts_with('=')) return false;
    rest_.remove_prefix(1);
    std::string_view value;
    if (rest_.starts_with('"')) {
      if (!take_quoted(value)) return false;
    } else {
      value = take_token();
    }
    if (equal_ignoring_case(name, "for")) hop.node = value;
    if (equal_ignoring_case(name, "proto")) hop.scheme = value;
    if (equal_ignoring_case(name, "host")) hop.host = value;
    return true;
  }
  // Up to a comma or the end.
  bool read_hop(Hop& hop) {
    for (;;) {
      skip_blanks();
      const bool is_pair = !rest_.empty() && rest_.front() != ';' && rest_.front() != ',';
      if (is_pair && !read_pair(hop)) return false;
      skip_blanks();
      if (rest_.empty() || rest_.front() == ',') return true;
      if (rest_.front() != ';') return false;
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  std::array<Hop, hops_max> hops_;
  std::size_t count_ = 0;
};

// Each proxy tells of the request that came to it, so scheme and host stand beside the client.
void read_forwarded(const Fields& fields, Walk& walk, Forwarding& into) {
  for_each_from_end(fields, FieldId::forwarded, [&](std::string_view text) {
    HopReader hops(text);
    if (!hops.read()) return Walk::Next::stop;
    for (std::size_t i = 0; i < hops.size(); ++i) {
      const auto& hop = hops.from_end(i);
      into.scheme = scheme_of(hop.scheme);
      into.host.clear();
      set_host(into, hop.host);
      if (walk.to(hop.node) == Walk::Next::stop) return Walk::Next::stop;
    }
    return Walk::Next::farther;
  });
}

}  // namespace

void Forwarding::clear() {
  address.clear();
  host.clear();
  port.clear();
  scheme = Scheme::unsaid;
}

void read_forwarding(const Fields& fields, const Networks& trusted, Forwarding& into) {
  Walk walk(trusted);
  if (fields.find(FieldId::x_forwarded_for) == nullptr &&
      fields.find(FieldId::forwarded) != nullptr) {
    read_forwarded(fields, walk, into);
  } else {
    read_x_forwarded(fields, walk, into);
  }
  if (walk.found()) into.address = walk.found()->text();
}

}  // namespace temps::proxy
