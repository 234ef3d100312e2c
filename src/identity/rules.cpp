#include "identity/rules.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/reflect.hpp"
#include "core/text.hpp"
#include "identity/errors.hpp"
#include "identity/guessable_passwords.hpp"

namespace temps::identity {
namespace {

constexpr std::size_t email_bytes_max = 254;  // RFC 5321 §4.5.3.1.3
constexpr std::size_t password_characters_min = 10;
constexpr std::size_t password_bytes_max = 256;
constexpr std::size_t key_name_bytes_max = 100;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> wrong_email(std::string_view email) {
  const auto [local, domain] = cut(email, "@");
  if (email.size() > email_bytes_max) return "is too long";
  const bool odd = has_control(email) || email.find(' ') != std::string_view::npos ||
                   domain.find('@') != std::string_view::npos || !is_utf8(email);
  if (local.empty() || domain.empty() || odd)
    return "is not an e-mail address such as ann@example.org";
  return std::nullopt;
}

std::optional<std::string> wrong_password(const Secret& password, std::string_view email,
                                          CommonPasswords common) {
  const auto& text = password.reveal();
  if (characters(text) < password_characters_min) {
    return fmt::format("needs {} characters or more", password_characters_min);
  }
  if (text.size() > password_bytes_max) {
    return fmt::format("may have {} bytes at most", password_bytes_max);
  }
  if (equal_ignoring_case(text, email)) return "must not be the e-mail address";
  if (std::ranges::all_of(text, [&text](char c) { return c == text.front(); })) {
    return "must not be one character again and again";
  }
  if (common == CommonPasswords::allow) return std::nullopt;
  if (is_common_password(text)) return "is one of those that are tried first; take another";
  if (is_like_email(text, email)) return "must not be the name in the e-mail address";
  return std::nullopt;
}

Result<> refuse(std::vector<FieldError> wrong) {
  if (wrong.empty()) return {};
  std::string detail;
  for (const auto& field : wrong) {
    detail += fmt::format("{}the {} {}", detail.empty() ? "" : "; ",
                          field.pointer == "/email" ? "e-mail address" : "password", field.detail);
  }
  return fail(Error(errors::bad_user, std::move(detail), std::move(wrong)));
}

}  // namespace

std::string normal_email(std::string_view email) { return lowered(trimmed(email)); }

Result<> check_new_user(std::string_view email, const Secret& password, CommonPasswords common) {
  std::vector<FieldError> wrong;
  if (auto why = wrong_email(email)) wrong.push_back({"/email", *why});
  if (auto why = wrong_password(password, email, common)) wrong.push_back({"/password", *why});
  return refuse(std::move(wrong));
}

Result<> check_email(std::string_view email) {
  std::vector<FieldError> wrong;
  if (auto why = wrong_email(email)) wrong.push_back({"/email", *why});
  return refuse(std::move(wrong));
}

Result<> check_password(const Secret& password, std::string_view email, CommonPasswords common) {
  std::vector<FieldError> wrong;
  if (auto why = wrong_password(password, email, common)) wrong.push_back({"/password", *why});
  return refuse(std::move(wrong));
}

Result<> check_rank(Role by, Role role) {
  if (role <= by) return {};
  if (by == Role::anonymous) {
    return fail(errors::above_own_role,
                "this API key is limited to some scopes and cannot give rights to others");
  }
  return fail(errors::above_own_role, "the role {} is above yours; ask an owner",
              reflect::enum_name(role));
}

Result<> check_key_name(std::string_view name) {
  if (!trimmed(name).empty() && name.size() <= key_name_bytes_max && !has_control(name)) return {};
  return fail(Error(errors::bad_key_name, "an API key has a name of 1 to 100 characters",
                    {{"/name", "must have 1 to 100 characters"}}));
}

}  // namespace temps::identity
