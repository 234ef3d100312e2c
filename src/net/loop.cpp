#include "net/loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>

#include "net/asio.hpp"

namespace temps::net {

namespace asio = boost::asio;

namespace {
// asio::post wants a copyable handler only for its polymorphic executors; io_context takes
// move-only ones.
struct Work {
  Timers::Callback call;
  void operator()() { call(); }
};
}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  // A peer that went away is an error of the write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

Loop::~Loop() {
  impl_->pool.join();
  impl_->timers.clear();
}

Timers::TimerId Loop::after(std::chrono::nanoseconds delay, Callback fire) {
  const auto id = impl_->next_timer++;
  auto [timer, added] = impl_->timers.try_emplace(id, impl_->context, delay);
  timer->second.async_wait(
      [this, id, fire = std::move(fire)](const boost::system::error_code& error) mutable {
        // One that was taken back when it was due already still gets here, without an error.
        if (error || impl_->timers.erase(id) == 0) return;
        fire();
      });
  return TimerId{id};
}

void Loop::cancel(TimerId id) { impl_->timers.erase(static_cast<std::uint64_t>(id)); }

void Loop::post(Callback work) { asio::post(impl_->context, Work{std::move(work)}); }

void Loop::run_while(const std::function<bool()>& more) {
  auto guard = asio::make_work_guard(impl_->context);
  impl_->context.restart();
  while (more()) impl_->context.run_one();
}

void Loop::wake() {
  post([] {});
}

void Loop::on_pool(std::function<void()> work) { asio::post(impl_->pool, std::move(work)); }

Task<int> Loop::signal(std::vector<int> signals) {
  auto& context = impl_->context;
  co_return co_await External<int>{.start = [&context, signals = std::move(signals)](
                                                Completer<int> done) -> External<int>::Abort {
    auto set = std::make_shared<asio::signal_set>(context);
    for (const int number : signals) set->add(number);
    set->async_wait([set, done](const boost::system::error_code& error, int number) {
      if (!error) done(number);
    });
    return [set] { set->cancel(); };
  }};
}

}  // namespace temps::net
