#include "proxy/json_lines.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cmath>
#include <optional>
#include <utility>

#include "files/refusal.hpp"
#include "json/json.hpp"

namespace temps::proxy {
namespace {

constexpr std::chrono::seconds look_again{2};

// A field name is the name in the file.
struct Line {
  Instant time;
  std::string client;
  std::string method;
  std::string host;
  std::string path;
  std::string protocol;
  bool tls;
  std::int64_t status;
  std::uint64_t sent_bytes;
  std::uint64_t received_bytes;
  double milliseconds;
  std::optional<double> upstream_milliseconds;
  std::string release;
  std::string visitor;
  std::string request_id;
  std::string user_agent;
  std::string referrer;
};

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

std::string protocol_name(std::uint32_t protocol) {
  if (protocol >= 20) return fmt::format("HTTP/{}", protocol / 10);
  return fmt::format("HTTP/{}.{}", protocol / 10, protocol % 10);
}

}  // namespace

void JsonLines::add(const routing::AccessRecord& record) {
  text_ += json::encode(Line{.time = record.time,
                             .client = std::string(record.client),
                             .method = std::string(record.method),
                             .host = std::string(record.host),
                             .path = std::string(record.path),
                             .protocol = protocol_name(record.protocol),
                             .tls = record.is_tls,
                             .status = record.status,
                             .sent_bytes = record.sent_bytes,
                             .received_bytes = record.received_bytes,
                             .milliseconds = milliseconds(record.duration),
                             .upstream_milliseconds = record.upstream.transform(milliseconds),
                             .release = std::string(record.release),
                             .visitor = std::string(record.visitor),
                             .request_id = std::string(record.request_id),
                             .user_agent = std::string(record.user_agent),
                             .referrer = std::string(record.referrer)});
  text_ += '\n';
}

Result<> JsonLines::write() {
  if (text_.empty()) return {};
  const auto text = std::exchange(text_, {});
  if (auto opened = open_again(); !opened) return opened;
  return files::write_fully(file_.get(), text, path_);
}

Result<> JsonLines::open_again() {
  const auto now = std::chrono::steady_clock::now();
  if (file_.is_open()) {
    if (now - looked_ < look_again) return {};
    struct stat held{};
    struct stat named{};
    const bool is_same = ::fstat(file_.get(), &held) == 0 && ::stat(path_.c_str(), &named) == 0 &&
                         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
    looked_ = now;
    if (is_same) return {};
  }
  file_.reset(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640));
  if (!file_.is_open()) return fail(files::refusal("write", path_, errno));
  looked_ = now;
  return {};
}

}  // namespace temps::proxy
