// Dashboard: what people see in a browser. The console (web/), which asks the API for all it shows,
// and the pages that explain error codes.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/task.hpp"
#include "dashboard/console.hpp"
#include "http/message.hpp"
#include "http/router.hpp"

namespace temps::dashboard {

// What error codes mean, for the pages that the `type` of a problem leads to.
class Explanations {
 public:
  // The codes of core, http, json and identity are there from the start.
  Explanations();
  void add(std::initializer_list<ErrorCode> codes);
  [[nodiscard]] const ErrorCode* find(std::string_view code) const;

 private:
  std::map<std::string, ErrorCode, std::less<>> codes_;
};

struct Options {
  std::string admin_command = "temps admin create";  // as it works on this machine
};

class Dashboard {
 public:
  Dashboard(Explanations& explanations, const Options& options)
      : explanations_(explanations), console_(options.admin_command) {}

  // The console, whichever of its pages was asked for.
  Task<http::Response> page(http::Request& request);
  Task<http::Response> asset(http::Request& request);
  Task<http::Response> explain(http::Request& request);

 private:
  Explanations& explanations_;
  Console console_;
};

void add_routes(http::Router& router, Dashboard& dashboard);

}  // namespace temps::dashboard
