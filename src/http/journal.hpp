// The seam through which every change is noted before it is made, and its outcome afterwards. What
// keeps the notes (the module `audit`) stands above; this module only says what happens.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/task.hpp"
#include "http/message.hpp"

namespace temps::http {

// A change that is about to be made. JSON texts hold "****" in place of secrets; empty where there
// is nothing.
struct Change {
  Principal principal;
  std::string method;
  std::string path;
  std::string operation;  // the route's handler
  std::string summary;    // what the route does, for people
  std::map<std::string, std::string> path_values;
  std::string given{};   // the request's body
  std::string before{};  // what GET answers at the same path
  std::string client_address;
  std::string user_agent;
  std::string request_id;
};

struct ChangeOutcome {
  int status = 0;
  std::string error{};  // its code
  // What GET answers at the same path afterwards, else what the handler has noted or answered.
  std::string after{};
  Principal principal{};  // as the handler found out: a login's
};

// Where a change was noted.
struct JournalMark {
  std::int64_t id = 0;
  Instant began_at;
};

class Journal {
 public:
  virtual ~Journal() = default;
  // Returns when the note cannot be lost any more. When it fails, the change is refused with the
  // same error.
  virtual Task<JournalMark> begin(Change change) = 0;
  virtual Task<> end(JournalMark mark, ChangeOutcome outcome) = 0;
};

}  // namespace temps::http
