// What a certificate is asked for with. Private to acme.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "acme/key.hpp"

namespace temps::acme {

inline constexpr std::size_t names_max = 100;  // of one certificate; what authorities take

// Lower case, in the order given, without repetitions. Fails with `bad_name` for what no public
// authority issues certificates for: addresses, single labels, characters outside of letters,
// digits and hyphens; with a FieldError per name.
Result<std::vector<std::string>> checked_names(const std::vector<std::string>& names);

// PKCS#10 in DER: the names as subject alternative names and no subject. `names` were checked.
std::string signing_request(const Key& key, const std::vector<std::string>& names);

}  // namespace temps::acme
