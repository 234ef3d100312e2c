// Passwords that are tried first.
#pragma once
#include <string_view>

namespace temps::identity {

// Is it one of the words that most people take, with digits or signs behind or in place of some of
// its letters; a row of neighbouring keys, letters or digits; or a short part again and again?
bool is_common_password(std::string_view password);

// The e-mail address's part before the "@", with digits and signs around it at most.
bool is_like_email(std::string_view password, std::string_view email);

}  // namespace temps::identity
