// What variables may be called and how much of them there may be. No error ever holds a value.
#pragma once
#include <cstddef>
#include <string_view>

#include "core/result.hpp"
#include "variables/variables.hpp"

namespace temps::variables {

inline constexpr std::size_t name_bytes_max = 128;
inline constexpr std::size_t value_bytes_max = std::size_t{32} << 10U;
// Of a set: the kernel takes 2 MB of arguments and environment, an engine 1 MB of JSON.
inline constexpr std::size_t variables_max = 500;
inline constexpr std::size_t set_bytes_max = std::size_t{256} << 10U;

// Letters, digits and _, not beginning with a digit. Fails with `bad_variable`, and `reserved` for
// what Temps tells each app itself.
Result<> check_name(std::string_view name);

// Fails with `bad_variable`, `reserved`, and a FieldError for each change that is wrong.
Result<> check(const Edit& edit);

// Fails with `too_many`.
Result<> check_size(std::size_t count, std::size_t bytes);

}  // namespace temps::variables
