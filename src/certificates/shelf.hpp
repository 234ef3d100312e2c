// The files that the data plane reads certificates from: a folder for each version of each
// certificate. Only their owner can read them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace temps::certificates {

class Shelf {
 public:
  explicit Shelf(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] std::filesystem::path chain(std::string_view label) const;
  [[nodiscard]] std::filesystem::path key(std::string_view label) const;

  // Are both files there, with this chain?
  [[nodiscard]] bool has(std::string_view label, std::string_view chain) const;
  Result<> put(std::string_view label, std::string_view chain, const Secret& key) const;
  // An OCSP answer that goes with it, another file for each: they are told apart by the time from
  // which they hold, in seconds.
  [[nodiscard]] std::filesystem::path staple(std::string_view label, std::int64_t from) const;
  Result<> put_staple(std::string_view label, std::int64_t from, std::string_view der) const;
  // Removes the others that go with it.
  Result<> keep_staple(std::string_view label, std::int64_t from) const;
  // Removes everything that has another label.
  Result<> keep_only(const std::set<std::string, std::less<>>& labels) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace temps::certificates
