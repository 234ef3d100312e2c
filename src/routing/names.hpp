// Which hosts a name of a route or a certificate stands for.
#pragma once
#include <string_view>

namespace temps::routing {

// "shop.example.com" stands for itself, "*.example.com" for every name one level below and for
// itself as a name of another wildcard. Both in lower case.
bool covers(std::string_view name, std::string_view host);

}  // namespace temps::routing
