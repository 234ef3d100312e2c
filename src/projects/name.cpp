#include "projects/name.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "projects/errors.hpp"

namespace temps::projects {

namespace {

constexpr std::size_t length_max = 40;  // leaves room for "-<environment>" in a DNS label of 63
constexpr std::size_t environment_length_max = 63 - 1 - length_max;

// Names that would shadow the platform's own hosts and paths.
constexpr std::array<std::string_view, 8> reserved{"api",   "console", "git",       "www",
                                                   "temps", "status",  "localhost", "admin"};

bool is_reserved(std::string_view name) {
  return std::ranges::find(reserved, name) != reserved.end();
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_label(std::string_view name, std::size_t most) {
  if (name.empty() || name.size() > most || !is_letter(name.front()) || name.ends_with('-') ||
      name.find("--") != std::string_view::npos) {
    return false;
  }
  return std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_usable(std::string_view name) { return is_label(name, length_max) && !is_reserved(name); }

}  // namespace

std::string usable_name(std::string_view name) {
  std::string usable;
  for (const char c : lowered(name)) {
    if (is_letter(c) || (is_digit(c) && !usable.empty())) {
      usable += c;
    } else if (!usable.empty() && !usable.ends_with('-')) {
      usable += '-';
    }
    if (usable.size() == length_max) break;
  }
  while (usable.ends_with('-')) usable.pop_back();
  return is_usable(usable) ? usable : std::string{};
}

Result<> check_name(std::string_view name) {
  if (is_usable(name)) return {};
  if (is_reserved(name)) {
    return fail(errors::bad_name, "\"{}\" is kept for Temps itself; choose another name", name);
  }
  const auto usable = usable_name(name);
  return fail(errors::bad_name,
              "a project name has 1 to {} lower-case letters, digits and single hyphens and begins "
              "with a letter{}",
              length_max, usable.empty() ? "" : fmt::format("; \"{}\" would do", usable));
}

Result<> check_environment_name(std::string_view name) {
  if (!is_label(name, environment_length_max)) {
    return fail(errors::bad_environment_name,
                "the name of an environment has 1 to {} lower-case letters, digits and single "
                "hyphens and begins with a letter, such as staging",
                environment_length_max);
  }
  // "shop" with "eu-production" would have instances of the names that "shop-eu" has.
  if (name.ends_with("-production")) {
    return fail(errors::bad_environment_name,
                "the name of an environment does not end in -production; choose another one");
  }
  return {};
}

}  // namespace temps::projects
