// One connection, plain or encrypted, as the readers and writers of this module see it; private.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "net/descriptor.hpp"
#include "tls/tls.hpp"

namespace temps::http {

// Borrows the connection. Adds no frame of its own to a read or write, so that the plain one costs
// what it did.
class Wire {
 public:
  // Implicit: every connection is a wire.
  Wire(net::Descriptor& plain) : plain_(&plain) {}
  Wire(tls::Stream& secure) : secure_(&secure) {}

  Task<std::size_t> read_some(std::span<char> into) {
    return plain_ ? plain_->read_some(into) : secure_->read_some(into);
  }
  Task<> write_all(std::string_view bytes) {
    return plain_ ? plain_->write_all(bytes) : secure_->write_all(bytes);
  }
  void shutdown_write() {
    if (plain_) return plain_->shutdown_write();
    secure_->shutdown_write();
  }

 private:
  net::Descriptor* plain_ = nullptr;
  tls::Stream* secure_ = nullptr;
};

}  // namespace temps::http
