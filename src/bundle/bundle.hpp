// Bundle: a folder of a developer's machine as one archive to send. What git would not take is not
// in it, nor what must not leave the machine. All calls block.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "files/files.hpp"

namespace temps::bundle {

struct Contents {
  std::vector<std::string> names;  // files and links, in order, by their paths below the folder
  std::uint64_t size_bytes = 0;
  // Left out, whatever the rules say: .env files, of which people do not expect that they are sent.
  std::vector<std::string> variables_files{};
};

// What a deployment of this folder consists of: all but what .gitignore files say, those of the
// folders above up to the root of a git work tree included, then .tempsignore files, which have the
// last word. Never: .git, .temps; node_modules and .env files only where a .tempsignore has a rule
// such as "!node_modules/". Fails with `files.too_large` and what the disk fails with.
Result<Contents> contents_of(const files::Path& folder);

// Writes them as a tar file in gzip; yields its size.
Result<std::uint64_t> pack(const files::Path& folder, const Contents& contents,
                           const files::Path& archive);

}  // namespace temps::bundle
