// From the problem documents of an authority to errors that say what to do. Private to acme.
#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "json/value.hpp"

namespace temps::acme {

// The name and the proof that a problem is about, as far as known.
struct Concerning {
  std::string domain{};
  std::string challenge{};  // "http-01"
};

// `problem` is a document of RFC 7807 (RFC 8555 6.7), or null. `status` as in HTTP, 0 where the
// problem is a part of something else.
Error problem_error(const json::Value& problem, int status, const Concerning& about = {});

bool is_bad_nonce(const json::Value& problem);

// A string of the authority's JSON; empty for any other kind.
std::string text_of(const json::Value& value);

}  // namespace temps::acme
