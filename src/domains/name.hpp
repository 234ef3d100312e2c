// Which names a domain may have, and where a redirect may lead.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::domains {

// The name in its one form: lower case, no dot at the end. Letters, digits and hyphens in two or
// more labels (RFC 1123 §2.1); "*." in front stands for every name one level below. Fails with
// `bad_name`, and with `below_base` for the platform's own domain and what is below it.
Result<std::string> usable_name(std::string_view given, std::string_view base_domain);

// Fails with `below_base` for the console's own host.
Result<> refuse_console(std::string_view name, std::string_view console);

// The address in its one form: lower-case host, no slash at the end. Fails with `bad_redirect`,
// also when it leads to `name` itself.
Result<std::string> usable_target(std::string_view given, std::string_view name);

// Fails with `bad_redirect` for what is none of 301, 302, 307 and 308.
Result<> check_status(int status);

}  // namespace temps::domains
