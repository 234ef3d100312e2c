// Finds the end of an answer in the bytes that come: of an HTTP/1.1 response, or of a message that
// is known beforehand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace temps::bench {

class AnswerReader {
 public:
  // The origin names the length of every body, so a response without one is read as empty.
  void expect_response();
  // Borrows them. Another message of that size is an answer, too, but not a good one.
  void expect_bytes(std::string_view message);

  // True once the whole answer is there; what comes after it is dropped.
  bool take(std::string_view bytes);

  [[nodiscard]] bool is_good() const { return is_good_; }  // status 2xx, or 101
  [[nodiscard]] bool closes() const { return closes_; }    // the server takes no other request

 private:
  void read_head();

  std::string head_;
  std::string_view message_;  // what is left of it
  std::uint64_t body_left_ = 0;
  bool in_body_ = false;
  bool is_good_ = false;
  bool closes_ = false;
};

}  // namespace temps::bench
