#include "variables/rules.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "core/text.hpp"
#include "variables/errors.hpp"

namespace temps::variables {

namespace {

// Where the app is to listen is decided by who leads its visitors there.
constexpr std::array<std::string_view, 3> reserved{"PORT", "HOST", "HOSTNAME"};
constexpr std::string_view own_prefix = "TEMPS_";

bool is_name(std::string_view name) {
  const auto may_be = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= name_bytes_max && (name[0] < '0' || name[0] > '9') &&
         std::ranges::all_of(name, may_be);
}

Result<> check_value(std::string_view name, std::string_view value) {
  if (value.size() > value_bytes_max) {
    return fail(errors::bad_variable, "the value of {} has {} bytes, the most is {}", name,
                value.size(), value_bytes_max);
  }
  if (value.contains('\0')) {
    return fail(errors::bad_variable, "the value of {} has a zero byte, which no variable can hold",
                name);
  }
  return {};
}

}  // namespace

Result<> check_name(std::string_view name) {
  if (!is_name(name)) {
    // It may be a value that got into the wrong place.
    return fail(errors::bad_variable,
                "the name of a variable has letters, digits and _, does not begin with a digit, "
                "and is no longer than {}",
                name_bytes_max);
  }
  if (std::ranges::find(reserved, name) != reserved.end()) {
    return fail(errors::reserved,
                "{} is set by Temps, which decides where the app listens; for the port: temps "
                "project set NAME port=8000",
                name);
  }
  if (name.starts_with(own_prefix)) {
    return fail(errors::reserved,
                "names that begin with {} are set by Temps; choose another one than {}", own_prefix,
                name);
  }
  return {};
}

Result<> check(const Edit& edit) {
  std::vector<FieldError> wrong;
  std::optional<ErrorCode> code;
  const auto note = [&](std::string pointer, const Result<>& result) {
    if (result) return;
    if (!code) code = result.error().code();
    wrong.push_back({std::move(pointer), std::string(result.error().detail())});
  };
  std::set<std::string_view> named;
  const auto note_twice = [&](std::string pointer, std::string_view name) {
    if (named.insert(name).second) return;
    note(std::move(pointer), fail(errors::bad_variable, "{} is named twice", name));
  };
  for (const auto& change : edit.set) {
    const auto valid = check_name(change.name);
    const auto pointer = "/set" + (valid ? "/" + change.name : std::string{});
    note(pointer, valid);
    if (!valid) continue;
    note(pointer, check_value(change.name, change.value.reveal()));
    note_twice(pointer, change.name);
  }
  for (const auto& name : edit.remove) {
    // What has become a reserved name since must be removable.
    if (!is_name(name))
      note("/remove", check_name(name));
    else
      note_twice("/remove", name);
  }
  if (wrong.empty()) return {};
  auto detail = wrong.front().detail;
  return std::unexpected(Error(*code, std::move(detail), std::move(wrong)));
}

Result<> check_size(std::size_t count, std::size_t bytes) {
  if (count > variables_max) {
    return fail(errors::too_many, "an environment has up to {} variables, these would be {}",
                variables_max, count);
  }
  if (bytes > set_bytes_max) {
    return fail(errors::too_many,
                "the names and values of an environment have up to {} bytes together, these would "
                "have {}; large files belong into the repository or a volume",
                set_bytes_max, bytes);
  }
  return {};
}

}  // namespace temps::variables
