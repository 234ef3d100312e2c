// Media types (RFC 9110 §8.3) of files, and which of them are worth compressing.
#pragma once
#include <string_view>

namespace temps::http1 {

// By the name's ending; "application/octet-stream" for unknown ones.
std::string_view content_type(std::string_view name);
// Is it text of some kind? `content_type` may have parameters.
bool is_compressible(std::string_view content_type);

}  // namespace temps::http1
