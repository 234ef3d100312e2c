#include "proxy/control_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "files/owned_fd.hpp"
#include "proxy/address.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t reply_bytes_max = 64UL << 20U;

}  // namespace

Result<routing::ControlReply> ask_control(const std::string& path,
                                          const routing::ControlRequest& request,
                                          std::chrono::seconds patience, const ErrorCode& code) {
  auto address = parse_address("unix:" + path);
  if (!address) return fail(std::move(address.error()));
  const files::OwnedFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = patience.count(), .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(fd.get(), address->get(), address->length) != 0)
    return fail(code, "no proxy answers on {}: {}", path, std::strerror(errno));
  const auto line = routing::encode_control(request);
  ::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL);
  std::string reply;
  std::array<char, 16UL * 1024> bytes;
  while (!reply.ends_with('\n') && reply.size() < reply_bytes_max) {
    const auto got = ::recv(fd.get(), bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(code, "the proxy ended the conversation; look into its log");
    reply.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return routing::decode_control_reply(reply);
}

}  // namespace temps::proxy
