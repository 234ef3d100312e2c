// A pipe through which the kernel moves bytes from one socket to another, without a copy to us.
#pragma once
#include <cstddef>
#include <memory>

#include "proxy/transport.hpp"

namespace temps::proxy {

class SplicePipe {
 public:
  // Nothing where the kernel gives no pipe.
  static std::unique_ptr<SplicePipe> open();
  ~SplicePipe();
  SplicePipe(const SplicePipe&) = delete;
  SplicePipe& operator=(const SplicePipe&) = delete;

  // How many bytes have been taken in and not given out.
  [[nodiscard]] std::size_t held() const { return held_; }
  // Up to `count` bytes. As Transport::read() and write(). Not with TLS.
  IoResult take_from(Transport& transport, std::size_t count);
  IoResult give_to(Transport& transport);

 private:
  SplicePipe(int reading, int writing, std::size_t capacity)
      : reading_(reading), writing_(writing), capacity_(capacity) {}
  int reading_;
  int writing_;
  std::size_t capacity_;
  std::size_t held_ = 0;
};

}  // namespace temps::proxy
