// What an e-mail address, a password and a name must look like.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/permission.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"

namespace temps::identity {

// Trimmed, and in lower case so that an address has one spelling.
std::string normal_email(std::string_view email);

enum class CommonPasswords : std::uint8_t { refuse, allow };

// They fail with `bad_user` and a FieldError for each field that does not do.
Result<> check_new_user(std::string_view email, const Secret& password,
                        CommonPasswords common = CommonPasswords::refuse);
Result<> check_email(std::string_view email);
Result<> check_password(const Secret& password, std::string_view email,
                        CommonPasswords common = CommonPasswords::refuse);

// May somebody of this role change a user of that one, or give it? Fails with `above_own_role`.
Result<> check_rank(Role by, Role role);

// 1 to 100 characters without control characters. Fails with `bad_key_name`.
Result<> check_key_name(std::string_view name);

}  // namespace temps::identity
