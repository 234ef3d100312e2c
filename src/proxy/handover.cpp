#include "proxy/handover.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>
#include <span>
#include <utility>

#include "core/text.hpp"
#include "json/json.hpp"
#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t tickets_max = 16;

// On the wire: bytes in hex. The clock of `made` is the machine's, the same for both processes.
struct WireKey {
  std::string name;
  std::string encryption;
  std::string authentication;
  std::int64_t made_ns = 0;
};

struct WireOffer {
  std::int64_t handover = 0;
  std::string error;
  std::int64_t table = 0;
  std::vector<OfferedListener> listeners;
  std::vector<WireKey> tickets;
};

json::Limits limits() {
  return {.size_bytes_max = handover_line_bytes_max,
          .depth_max = 4,
          .missing = json::Missing::default_value};
}

std::string hex(std::span<const unsigned char> bytes) {
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

bool read_hex(std::string_view text, std::span<unsigned char> into) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != into.size()) return false;
  std::memcpy(into.data(), bytes->data(), into.size());
  return true;
}

WireKey to_wire(const TicketKeys::Key& key) {
  return {.name = hex(key.name),
          .encryption = hex(key.encryption),
          .authentication = hex(key.authentication),
          .made_ns = std::chrono::nanoseconds(key.made.time_since_epoch()).count()};
}

Result<TicketKeys::Key> from_wire(const WireKey& wire) {
  TicketKeys::Key key{};
  using Clock = std::chrono::steady_clock;
  key.made = std::min(Clock::time_point(std::chrono::nanoseconds(wire.made_ns)), Clock::now());
  if (!read_hex(wire.name, key.name) || !read_hex(wire.encryption, key.encryption) ||
      !read_hex(wire.authentication, key.authentication))
    return fail(errors::bad_handover, "a key of session tickets has the wrong length");
  return key;
}

Result<> check(const Offer& offer) {
  std::size_t sockets = 1;
  for (const auto& listener : offer.listeners) {
    if (listener.count == 0 || listener.count > handover_sockets_max)
      return fail(errors::bad_handover, "{} has {} sockets", listener.address, listener.count);
    sockets += listener.count;
    if (sockets > handover_sockets_max)
      return fail(errors::bad_handover, "more than {} sockets are offered", handover_sockets_max);
  }
  return {};
}

}  // namespace

std::size_t Offer::sockets() const {
  std::size_t sum = 1;
  for (const auto& listener : listeners) sum += listener.count;
  return sum;
}

std::string encode(const Offer& offer) {
  WireOffer wire{offer.handover, offer.error, offer.table, offer.listeners, {}};
  std::ranges::transform(offer.tickets, std::back_inserter(wire.tickets), to_wire);
  return json::encode(wire) + '\n';
}

std::string encode(const HandoverStep& step) { return json::encode(step) + '\n'; }

Result<Offer> decode_offer(std::string_view line) {
  auto wire = json::decode<WireOffer>(line, limits());
  if (!wire) return fail(errors::bad_handover, "no offer of sockets: {}", wire.error().detail());
  Offer offer{.handover = wire->handover,
              .error = std::move(wire->error),
              .table = wire->table,
              .listeners = std::move(wire->listeners)};
  if (auto checked = check(offer); !checked) return fail(std::move(checked.error()));
  if (wire->tickets.size() > tickets_max)
    return fail(errors::bad_handover, "more than {} keys of session tickets", tickets_max);
  for (const auto& ticket : wire->tickets) {
    auto key = from_wire(ticket);
    if (!key) return fail(std::move(key.error()));
    offer.tickets.push_back(*key);
  }
  return offer;
}

Result<HandoverStep> decode_step(std::string_view line) {
  auto step = json::decode<HandoverStep>(line, limits());
  if (!step) return fail(errors::bad_handover, "not a step: {}", step.error().detail());
  return step;
}

}  // namespace temps::proxy
