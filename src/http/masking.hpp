// JSON without its secrets. Private to the module.
#pragma once
#include <string>
#include <string_view>

namespace temps::http {

// `text` with "****" in place of every secret: what `schema` (of json::schema) calls a password,
// and any text under a name such as "token" or "client_secret", so that a type that was chosen
// carelessly gives nothing away, and the logins of addresses. Empty for a text that is no JSON.
std::string masked(std::string_view text, std::string_view schema);

}  // namespace temps::http
