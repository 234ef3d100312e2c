// Any bytes as JSON: reading ends well or with an error, and what was read survives being written.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"
#include "json/json.hpp"

namespace {

enum class Mode : std::uint8_t { fast, slow };
struct Item {
  std::string name;
  std::uint16_t port = 0;
  std::optional<double> ratio;
};
struct Shape {
  std::int64_t version = 0;
  Mode mode = Mode::fast;
  std::vector<Item> items;
  std::map<std::string, bool> flags;
  std::optional<temps::Instant> time;
  temps::json::Raw raw;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace temps;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const json::Limits lenient{.missing = json::Missing::default_value};
  if (const auto shape = json::decode<Shape>(text, lenient)) {
    const auto again = json::decode<Shape>(json::encode(*shape));
    ensure(again.has_value(), "what was written can be read");
    ensure(json::encode(*again) == json::encode(*shape), "and says the same");
  }
  if (const auto value = json::decode<json::Value>(text)) {
    ensure(json::Raw::checked(value->text()).has_value(), "a slice is JSON by itself");
    for (const auto& item : value->items()) {
      ensure(json::Raw::checked(item.text()).has_value(), "a slice is JSON by itself");
    }
    for (const auto& [name, member] : value->members()) {
      ensure(json::Raw::checked(json::quote(name)).has_value(), "a name can be quoted");
      ensure(json::Raw::checked(member.text()).has_value(), "a slice is JSON by itself");
    }
  }
  return 0;
}
