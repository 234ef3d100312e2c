#include "http/server.hpp"

#include <chrono>
#include <utility>

#include "core/log.hpp"
#include "http/connection.hpp"

namespace temps::http {

struct Server::Impl {
  net::Loop& loop;
  const Router& router;
  Authenticator& authenticator;
  ServerLimits limits;
  Journal* journal;
};

Server::Server(net::Loop& loop, const Router& router, Authenticator& authenticator,
               ServerLimits limits, Journal* journal)
    : impl_(std::make_unique<Impl>(loop, router, authenticator, limits, journal)) {}
Server::~Server() = default;

namespace {

Task<> serve_one(Serving& serving, net::Descriptor socket) {
  Connection connection(serving, std::move(socket));
  auto ended = co_await attempt(connection.run());
  if (!ended) log::debug("connection ended", {{"why", ended.error().detail()}});
}

// The one that has waited longest for its next request makes room.
void end_idlest(Serving& serving) {
  Connection* idlest = nullptr;
  for (auto* connection : serving.connections) {
    if (!connection->idle_since()) continue;
    if (idlest == nullptr || *connection->idle_since() < *idlest->idle_since()) idlest = connection;
  }
  if (idlest != nullptr) idlest->end_idling();
}

Task<> accept_all(Serving& serving, net::Listener& listener, TaskGroup& group) {
  for (;;) {
    while (serving.is_full()) {
      end_idlest(serving);
      co_await serving.ended.next();
    }
    auto socket = co_await listener.accept();
    group.start("http connection", serve_one(serving, std::move(socket)));
  }
}

Task<> all_ended(Serving& serving) {
  while (!serving.connections.empty()) co_await serving.ended.next();
}

Task<> stop(Serving& serving, TaskGroup& group, std::chrono::milliseconds grace) {
  serving.stopping = true;
  serving.stop.notify();
  for (auto* connection : serving.connections) connection->end_idling();
  co_await attempt(within(grace, all_ended(serving)));
  co_await group.close();
}

}  // namespace

Task<> Server::serve(net::Listener listener, std::chrono::milliseconds grace) {
  Serving serving{.router = impl_->router,
                  .authenticator = impl_->authenticator,
                  .limits = impl_->limits,
                  .journal = impl_->journal,
                  .trusted = listener.address().is_unix()};
  TaskGroup group(impl_->loop);
  auto ended = co_await attempt(accept_all(serving, listener, group));
  listener.close();
  co_await shielded(stop(serving, group, grace));
  co_await std::move(ended);
}

}  // namespace temps::http
