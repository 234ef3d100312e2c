// Answers GET /metrics on an address of this machine. It asks the control socket, as any other
// client would: during a handover that is whichever process serves.
#pragma once
#include <memory>
#include <string>
#include <thread>

#include "core/result.hpp"
#include "files/owned_fd.hpp"

namespace temps::proxy {

class MetricsServer {
 public:
  // Fails with `proxy.bad_address`, also for an address that others can reach: nobody is asked who
  // they are; and with `proxy.cannot_listen`.
  static Result<std::unique_ptr<MetricsServer>> start(const std::string& listen,
                                                      std::string control_path);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  MetricsServer(std::string address, std::string control_path, int listener);
  void run();
  void serve(int client) const;

  std::string address_;
  std::string control_path_;
  files::OwnedFd listener_;
  files::OwnedFd stop_event_;
  std::thread thread_;
};

}  // namespace temps::proxy
