// Dashboard: the pages that people see in a browser. Small and hand-written; everything they show
// comes from the API.
#pragma once
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/task.hpp"
#include "http/message.hpp"
#include "http/router.hpp"
#include "identity/identity.hpp"

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
  Dashboard(identity::Identity& identity, Explanations& explanations, const Options& options)
      : identity_(identity), explanations_(explanations), options_(options) {}

  Task<http::Response> home(http::Request& request);   // login, projects, or how to set up
  Task<http::Response> proxy(http::Request& request);  // the login for those who are not logged in
  Task<http::Response> setup(http::Request& request);  // where the one-time link leads
  Task<http::Response> explain(http::Request& request);

 private:
  [[nodiscard]] http::Response welcome() const;

  identity::Identity& identity_;
  Explanations& explanations_;
  const Options& options_;
};

void add_routes(http::Router& router, Dashboard& dashboard);

}  // namespace temps::dashboard
