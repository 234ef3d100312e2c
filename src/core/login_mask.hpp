// Addresses in texts, without the logins that people put into them.
#pragma once
#include <string>

namespace temps {

// "https://ann:pw@host/x" -> "https://****@host/x", wherever it stands in the text; a token is
// often the user's name there. Of other schemes the user stays: "postgres://shop:****@db",
// "ssh://git@host" (RFC 3986 §3.2.1).
std::string without_logins(std::string text);

}  // namespace temps
