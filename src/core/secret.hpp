// A value that must not reach a log or an error text by accident.
#pragma once
#include <string>
#include <utility>

namespace temps {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  // The only way to the text; grep for it to see every use.
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

// A secret that an answer of the API shows, mostly once: it is written as text, but schemas call it
// a password, so that the audit log masks it.
struct Disclosed {
  std::string text;
};

}  // namespace temps
