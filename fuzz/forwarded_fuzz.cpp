// Any text as X-Forwarded-For and as Forwarded: what is believed can be written into a head.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proxy/forwarding.hpp"

using temps::proxy::Forwarding;

namespace {

void check(std::string_view name, std::string_view text, const temps::Networks& trusted) {
  temps::http1::Fields fields;
  const auto half = text.size() / 2;
  fields.add(name, text.substr(0, half));
  fields.add(name, text.substr(half));
  Forwarding read;
  temps::proxy::read_forwarding(fields, trusted, read);
  if (!read.address.empty() && !temps::IpAddress::parse(read.address)) std::abort();
  std::string_view host;
  std::string_view port;
  if (!read.host.empty() && !temps::http1::split_authority(read.host, host, port)) std::abort();
  if (read.port.size() > 5) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  temps::Networks trusted;
  if (!trusted.add("private")) std::abort();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto* name : {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded"})
    check(name, text, trusted);
  return 0;
}
