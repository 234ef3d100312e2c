// Tells the service manager how the process does (sd_notify(3), without its library).
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>

namespace temps::proxy {

class ServiceNotice {
 public:
  // `socket` is what NOTIFY_SOCKET says; empty: nobody wants to know.
  explicit ServiceNotice(std::string socket) : socket_(std::move(socket)) {}

  void ready() const { send("READY=1"); }
  void stopping() const { send("STOPPING=1"); }
  void reloading() const;
  // The service is another process from now on; this one says nothing more.
  void main_process(pid_t successor) const;

 private:
  void send(std::string_view text) const;
  std::string socket_;
};

}  // namespace temps::proxy
