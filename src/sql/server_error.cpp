#include "sql/server_error.hpp"

#include <string>

#include "core/text.hpp"
#include "sql/errors.hpp"

namespace temps::sql {

namespace {

const ErrorCode& code_of(std::string_view state) {
  if (state == "23505" || state == "23P01") return errors::conflict;  // unique, exclusion
  if (state == "57014") return errors::timeout;                       // query_canceled
  if (state == "25P03") return errors::timeout;                       // idle in transaction
  // serialization, deadlock, lock not available
  if (state == "40001" || state == "40P01" || state == "55P03") return errors::busy;
  const auto group = state.substr(0, 2);
  if (group == "23") return errors::refused;
  if (group == "22") return errors::bad_value;
  // connection, resources (full disk, too many connections), operator intervention (shutdown)
  if (group == "08" || group == "53" || group == "57") return errors::unavailable;
  return errors::failed;
}

}  // namespace

Error server_error(std::string_view state, std::string_view message) {
  return {code_of(state), fmt::format("{} (SQLSTATE {})", message, state)};
}

Error connect_error(std::string_view message) {
  // "… FATAL:  28P01: password authentication failed": the word before depends on the language.
  for (const std::string_view state : {"28000", "28P01", "3D000", "42501"}) {
    const auto mark = fmt::format(":  {}: ", state);
    const auto at = message.find(mark);
    if (at == std::string_view::npos) continue;
    return {errors::login_refused,
            fmt::format("{} (SQLSTATE {})", message.substr(at + mark.size()), state)};
  }
  return {errors::unavailable, std::string(message)};
}

}  // namespace temps::sql
