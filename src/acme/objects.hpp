// From an authority's JSON to our values. Private to acme.
#pragma once
#include <string>
#include <string_view>

#include "acme/values.hpp"
#include "json/value.hpp"

namespace temps::acme {

Status parse_status(std::string_view word);
// These fail with `bad_answer`.
Result<Order> parse_order(const json::Value& object, std::string url);
Result<Authorization> parse_authorization(const json::Value& object, std::string url);
Result<RenewalWindow> parse_renewal_window(const json::Value& object);

// Why an order failed, or the one of its authorizations' challenges that did.
Error order_error(const Order& order);

}  // namespace temps::acme
