// Is a new release ready? Asked by HTTP at the address that the proxy will use, never by an open
// port alone. Of an app that speaks HTTP/2 only, such as a gRPC server, its greeting is enough.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "net/loop.hpp"
#include "projects/projects.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

struct HealthCheck {
  std::string path{};                   // empty: "/" with any answer below 500
  std::string host;                     // Host header
  std::chrono::seconds total{120};      // from the start
  std::chrono::seconds answer_time{5};  // of one request
  int successes_wanted = 2;             // in a row
  projects::Protocol protocol = projects::Protocol::auto_;
};

struct Healthy {
  std::string address;  // may differ from the one given: the app listens on another port
  std::string answer;   // "GET / answered 200"
  bool other_port = false;
};

struct Answer {
  int status = 0;    // 0: none came
  std::string text;  // "GET / answered 200", or why there is none
};
// One question at `address`. An answer's head is enough: a page may be long, or a stream.
Task<Answer> ask_health(net::Loop& loop, std::string address, HealthCheck check);

// Does this answer count as healthy?
bool is_healthy(std::string_view path, int status);

// Fails with `deploys.exited` as soon as the instance has ended, `deploys.unhealthy` after `total`
// with the last answer and what the app listens on, `deploys.wrong_port` when it listens where the
// proxy cannot reach it.
Task<Healthy> wait_until_healthy(net::Loop& loop, runtime::Runtime& runtime,
                                 runtime::Instance instance, HealthCheck check);

}  // namespace temps::deploys
