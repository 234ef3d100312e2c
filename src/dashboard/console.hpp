// The console: one page for all of its paths, and the files that the page loads, as they were
// built. Nothing is read from a disk: what has no entry in the table is not there.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dashboard/console_files.hpp"
#include "http/message.hpp"

namespace temps::dashboard {

class Console {
 public:
  // `admin_command`: how an account is made on this machine, for the page that says so.
  explicit Console(std::string_view admin_command);

  // Asked for again each time; unchanged it is 304.
  [[nodiscard]] http::Response page(const http::Request& request) const;
  // Nothing where there is no such file.
  [[nodiscard]] std::optional<http::Response> file(std::string_view name,
                                                   const http::Request& request) const;

 private:
  std::string page_tag_;
  std::string page_gzip_;
  std::string page_brotli_;
  ConsoleFile page_;  // of the texts above
  std::map<std::string_view, const ConsoleFile*> files_;
};

}  // namespace temps::dashboard
