// A connection of a client, whatever protocol it speaks, as its loop sees it.
#pragma once
#include "proxy/reactor.hpp"

namespace temps::proxy {

class Connection : public EventTarget {
 public:
  virtual void drain() = 0;  // ends as soon as the present requests are answered
  virtual void close() = 0;  // at once

  Connection* next = nullptr;  // of the worker's list
  Connection* previous = nullptr;
};

}  // namespace temps::proxy
