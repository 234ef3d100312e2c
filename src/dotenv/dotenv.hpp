// Dotenv: files of variables as developers keep them beside their code, read and written.
//
//   # a comment
//   export NAME=value without quotes   # a comment behind a blank
//   SINGLE='as it is, over several lines, too'   and the same between ` and `
//   DOUBLE="with \n \r \t \" \\ \$ in it, over several lines, too"
//
// ${NAME} is not replaced: it stays as it is. Of several lines with one name the last one counts.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::dotenv {

using Variables = std::map<std::string, std::string>;

inline constexpr std::size_t file_bytes_max = std::size_t{1} << 20U;
inline constexpr std::size_t variables_max = 1000;

namespace errors {
inline constexpr ErrorCode bad_file{"dotenv.bad_file", ErrorKind::invalid,
                                    "The file does not hold variables"};
}

// Fails with `bad_file` and the number of the line, never with its text: that may be a secret.
Result<Variables> parse(std::string_view text);

// A file that parse() reads the same variables from, one a line.
std::string write(const Variables& variables);

}  // namespace temps::dotenv
