#include "app/name_report.hpp"

#include <fmt/format.h>

#include "core/text.hpp"

namespace temps::app {

std::string line_of(const OrderReport& order) {
  return fmt::format("certificate {}: {}{}", replaced(order.state, "_", " "), order.detail,
                     order.next_try_at ? "; next try at " + *order.next_try_at : std::string{});
}

}  // namespace temps::app
