#include "system/load.hpp"

#include "core/concurrency.hpp"
#include "system/web.hpp"

namespace temps::e2e {

namespace {
using namespace std::chrono_literals;
constexpr auto answer_time = 15s;
constexpr int kept_requests = 50;  // on one connection
constexpr std::size_t failures_max = 100;
}  // namespace

Load::Load(Options options) : options_(std::move(options)), thread_([this] { work(); }) {}

Load::Tally Load::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  const std::scoped_lock lock(mutex_);
  return tally_;
}

void Load::work() {
  net::Loop loop;
  std::vector<Task<>> visitors;
  for (int i = 0; i < options_.in_flight; ++i) visitors.push_back(visitor(loop, i));
  if (auto ended = loop.run(all(std::move(visitors))); !ended) {
    note(std::string(ended.error().detail()));
  }
}

// Every second one keeps its connection, the others open one for each request.
Task<> Load::visitor(net::Loop& loop, int number) {
  while (!stopping_) {
    auto visited = co_await attempt(visit(loop, number % 2 == 0));
    if (visited) continue;
    note(std::string(visited.error().detail()));
    co_await sleep(20ms);
  }
}

Task<> Load::visit(net::Loop& loop, bool keeps) {
  auto connection = co_await Connection::open(loop, options_.port);
  for (int i = 0; i < (keeps ? kept_requests : 1) && !stopping_; ++i) {
    Ask ask{.target = options_.target, .host = options_.host};
    if (!keeps) ask.fields.emplace_back("Connection: close");
    auto answer = co_await within(answer_time, connection.ask(std::move(ask)));
    const bool right = answer.status == 200 && answer.body.starts_with(options_.expected);
    if (!right) note(fmt::format("{} {}", answer.status, answer.body.substr(0, 300)));
    const std::scoped_lock lock(mutex_);
    ++tally_.answered;
    tally_.bodies.insert(answer.body.substr(0, 100));
    if (answer.field("Connection") == "close") co_return;
  }
}

void Load::note(std::string failure) {
  const std::scoped_lock lock(mutex_);
  if (tally_.failures.size() < failures_max) tally_.failures.push_back(std::move(failure));
}

}  // namespace temps::e2e
