// Private to net: what its .cpp files share of Asio. No other module may include it.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <map>

#include "net/loop.hpp"

namespace temps::net {

struct Loop::Impl {
  boost::asio::io_context context{1};
  boost::asio::thread_pool pool{2};
  std::uint64_t next_timer = 1;
  std::map<std::uint64_t, boost::asio::steady_timer> timers;
};

}  // namespace temps::net
