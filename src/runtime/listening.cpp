#include "runtime/listening.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "core/text.hpp"

namespace temps::runtime {
namespace {

constexpr std::string_view listen_state = "0A";
// A machine with more connections than this is beyond what one look may cost.
constexpr std::size_t table_bytes_max = std::size_t{16} << 20U;

// Addresses are printed as 32-bit words in the machine's own order (little-endian here).
bool is_loopback(std::string_view address) {
  if (address.size() == 8) return address.ends_with("7F");
  return address == "00000000000000000000000001000000" ||
         (address.starts_with("0000000000000000FFFF0000") && address.ends_with("7F"));
}

// 127.0.0.11
bool is_engine_name_server(std::string_view address) { return address == "0B00007F"; }

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  for (const auto word : split(line, ' ')) {
    if (!word.empty()) found.push_back(word);
  }
  return found;
}

std::optional<ListeningSocket> parse_row(std::string_view line) {
  const auto columns = words(line);
  if (columns.size() < 10 || columns[3] != listen_state) return std::nullopt;
  const auto [address, port_text] = cut(columns[1], ":");
  if (is_engine_name_server(address)) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(port_text, 16);
  const auto inode = parse_number<std::uint64_t>(columns[9]);
  if (!port || !inode) return std::nullopt;
  return ListeningSocket{*port, *inode, is_loopback(address)};
}

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char buffer[8192];
  while (file.read(buffer, sizeof buffer) || file.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(file.gcount()));
    if (text.size() > table_bytes_max) break;
  }
  return text;
}

void add_socket_inodes(int pid, std::set<std::uint64_t>& inodes) {
  std::error_code error;
  const std::filesystem::path folder = fmt::format("/proc/{}/fd", pid);
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry->path(), gone).native();
    if (gone || !target.starts_with("socket:[")) continue;
    const auto inode =
        parse_number<std::uint64_t>(std::string_view(target).substr(8, target.size() - 9));
    if (inode) inodes.insert(*inode);
  }
}

}  // namespace

std::vector<ListeningSocket> parse_listening(std::string_view table) {
  std::vector<ListeningSocket> sockets;
  for (const auto line : split(table, '\n')) {
    if (auto socket = parse_row(line)) sockets.push_back(*socket);
  }
  return sockets;
}

std::vector<ListeningSocket> listening_around(int pid) {
  auto sockets = parse_listening(content_of(fmt::format("/proc/{}/net/tcp", pid)));
  const auto six = parse_listening(content_of(fmt::format("/proc/{}/net/tcp6", pid)));
  sockets.insert(sockets.end(), six.begin(), six.end());
  return sockets;
}

std::vector<ListeningSocket> listening_of(const std::vector<int>& pids) {
  if (pids.empty()) return {};
  std::set<std::uint64_t> inodes;
  for (const int pid : pids) add_socket_inodes(pid, inodes);
  auto sockets = listening_around(pids.front());
  std::erase_if(sockets, [&inodes](const auto& socket) { return !inodes.contains(socket.inode); });
  return sockets;
}

std::vector<std::uint16_t> ports_of(const std::vector<ListeningSocket>& sockets) {
  std::vector<std::uint16_t> ports;
  for (const auto& socket : sockets) ports.push_back(socket.port);
  std::ranges::sort(ports);
  ports.erase(std::ranges::unique(ports).begin(), ports.end());
  return ports;
}

}  // namespace temps::runtime
