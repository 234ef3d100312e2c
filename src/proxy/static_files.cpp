#include "proxy/static_files.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "http1/codings.hpp"
#include "http1/date.hpp"
#include "http1/media_type.hpp"
#include "proxy/compressed_files.hpp"
#include "proxy/static_rules.hpp"
#include "proxy/tree.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;
using http1::Method;

// Up to here head and file go out in one write.
constexpr std::uint64_t small_file_bytes = 32UL * 1024;
constexpr std::size_t sendfile_bytes = 512UL * 1024;
constexpr int sendfiles_per_turn = 4;

// What was found for a path.
struct Found {
  OpenFile opened;
  std::string name;  // decides type and caching
  int status = 200;  // 404 for the tree's own page
  std::string_view coding{};
};

class FileResponder final : public Responder {
 public:
  // Without a file only the head is sent.
  FileResponder(Exchange& client, Reply reply, FileDescriptor file, ByteRange range)
      : client_(client),
        reply_(std::move(reply)),
        file_(std::move(file)),
        offset_(static_cast<off_t>(range.first)),
        left_(file_ ? range.count : 0) {}

  void advance() override {
    if (!head_sent_ && !send_head()) return;
    for (int i = 0; i < sendfiles_per_turn; ++i) {
      if (left_ == 0) return client_.finish();
      if (!client_.is_ready()) return client_.await_taking();
      if (client_.is_compressed()) {
        if (!send_part()) return client_.abort();
        continue;
      }
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, sendfile_bytes));
      const auto before = offset_;
      const auto sent = client_.send_file(file_.get(), offset_, count);
      if (sent.status == Io::would_block) return client_.await_taking();
      // The file has become shorter: the promised length cannot be kept.
      if (sent.status != Io::done) return client_.abort();
      left_ -= static_cast<std::uint64_t>(offset_ - before);
    }
    client_.soon();
  }
  void on_deadline() override { client_.abort(); }

 private:
  bool send_head() {
    head_sent_ = true;
    client_.set_deadline(client_.worker().limits.send_idle);
    Gather body(Gather::Framing::room);
    if (left_ > 0 && left_ <= small_file_bytes) {
      const auto scratch = client_.worker().reactor.scratch().first(left_);
      const auto got = ::pread(file_.get(), scratch.data(), scratch.size(), offset_);
      if (got != static_cast<ssize_t>(left_)) {
        client_.abort();
        return false;
      }
      body.add({scratch.data(), scratch.size()});
      left_ = 0;
    }
    client_.begin(reply_.head(), body, left_ == 0 ? Last::yes : Last::no);
    return !client_.is_ended();
  }

  // What is compressed on its way has to pass through here. False when the file has become shorter.
  bool send_part() {
    const auto room = client_.worker().reactor.scratch();
    const auto part = room.first(static_cast<std::size_t>(
        std::min<std::uint64_t>({left_, room.size(), client_.send_bytes_max()})));
    if (::pread(file_.get(), part.data(), part.size(), offset_) !=
        static_cast<ssize_t>(part.size()))
      return false;
    offset_ += static_cast<off_t>(part.size());
    left_ -= part.size();
    Gather body(Gather::Framing::room);
    body.add({part.data(), part.size()});
    client_.send(body, left_ == 0 ? Last::yes : Last::no);
    return true;
  }

  Exchange& client_;
  Reply reply_;
  FileDescriptor file_;
  off_t offset_;
  std::uint64_t left_;
  bool head_sent_ = false;
};

// A body that is in memory.
class CodedResponder final : public Responder {
 public:
  CodedResponder(Exchange& client, Reply reply, CompressedFiles::Body body)
      : client_(client), reply_(std::move(reply)), body_(std::move(body)), left_(*body_) {}

  void advance() override {
    if (!is_begun_) {
      client_.set_deadline(client_.worker().limits.send_idle);
      give_part();
    }
    while (!client_.is_ended()) {
      if (left_.empty()) return client_.finish();
      if (!client_.is_ready()) return client_.await_taking();
      give_part();
    }
  }
  void on_deadline() override { client_.abort(); }

 private:
  void give_part() {
    const auto part = left_.substr(0, std::min(client_.send_bytes_max(), sendfile_bytes));
    left_.remove_prefix(part.size());
    Gather body(Gather::Framing::room);
    body.add(part);
    const auto last = left_.empty() ? Last::yes : Last::no;
    if (std::exchange(is_begun_, true)) return client_.send(body, last);
    client_.begin(reply_.head(), body, last);
  }

  Exchange& client_;
  Reply reply_;
  CompressedFiles::Body body_;
  std::string_view left_;
  bool is_begun_ = false;
};

class StaticRequest {
 public:
  StaticRequest(Exchange& client, const http1::RequestHead& head, const routing::StaticTree& tree,
                std::string cookie)
      : client_(client),
        head_(head),
        settings_(tree),
        tree_(tree.root),
        cookie_(std::move(cookie)) {}

  ResponderPointer respond() {
    if (head_.method != Method::get && head_.method != Method::head)
      return page_responder(client_, notices::method_not_allowed("GET and HEAD"));
    const auto path = parse_static_path(head_.path);
    if (path) {
      if (auto found = find(*path)) return reply_with(std::move(*found));
      if (is_folder_without_slash_) return redirect(encoded_folder(path->relative));
      if (auto view = find_view(*path)) return reply_with(std::move(*view));
    }
    if (auto own = open_file("404.html")) {
      own->status = 404;
      return reply_with(std::move(*own));
    }
    return page_responder(client_, notices::not_found(head_.path));
  }

 private:
  [[nodiscard]] std::optional<Found> open_file(const std::string& name) const {
    auto opened = tree_.open(name);
    if (!opened.is_regular()) return std::nullopt;
    return Found{std::move(opened), name};
  }

  // The file itself, the page without its ending, or the folder's index.
  std::optional<Found> find(const StaticPath& path) {
    if (path.trailing_slash) {
      const auto folder = path.relative.empty() ? path.relative : path.relative + '/';
      if (auto index = open_file(folder + "index.html")) return index;
      return path.relative.empty() ? std::nullopt : open_file(path.relative + ".html");
    }
    auto opened = tree_.open(path.relative);
    if (opened.is_regular()) return Found{std::move(opened), path.relative};
    if (auto page = open_file(path.relative + ".html")) return page;
    // Relative links on the page need the slash.
    is_folder_without_slash_ =
        opened.is_folder() && open_file(path.relative + "/index.html").has_value();
    return std::nullopt;
  }

  // The app decides in the browser what an unknown address means; files that are missing stay so.
  [[nodiscard]] std::optional<Found> find_view(const StaticPath& path) const {
    if (!settings_.single_page || has_extension(path.relative)) return std::nullopt;
    const auto accept = head_.fields.value(FieldId::accept);
    const bool navigates = accept.empty() || accept.find("text/html") != std::string_view::npos ||
                           accept.find("*/*") != std::string_view::npos;
    return navigates ? open_file("index.html") : std::nullopt;
  }

  void choose_coding(Found& found) const {
    if (head_.fields.find(FieldId::range) != nullptr) return;
    for (const auto& coding :
         http1::accepted_siblings(head_.fields.value(FieldId::accept_encoding))) {
      auto sibling = tree_.open(found.name + std::string(coding.suffix));
      if (!sibling.is_regular()) continue;
      found.opened = std::move(sibling);
      found.coding = coding.name;
      return;
    }
  }

  ResponderPointer reply_with(Found found) const {
    const auto type = http1::content_type(found.name);
    if (http1::is_compressible(type)) choose_coding(found);
    const auto& status = found.opened.status;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const auto seconds = std::chrono::seconds(status.st_mtim.tv_sec);
    const Validators validators{
        .etag = make_etag(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, size,
                          status.st_ino),
        .modified = std::chrono::sys_seconds(seconds),
        .size = size,
    };
    const auto selection = found.status == 200
                               ? select(head_.fields, validators)
                               : Selection{found.status, {.first = 0, .count = size}};
    if (selection.status == 416)
      return page_responder(client_, notices::range_not_satisfiable(size));
    return respond_with(std::move(found), validators, selection);
  }

  // What compression on its way makes of the file is kept for the next who asks, and was perhaps
  // kept for this one.
  [[nodiscard]] std::optional<CompressedFiles::Key> key_of(const Found& found,
                                                           const Selection& selection,
                                                           std::string_view type) const {
    const auto coding = client_.coding();
    const auto& status = found.opened.status;
    const bool is_coded = coding && selection.status == 200 && head_.method == Method::get &&
                          found.coding.empty() && http1::is_compressible(type) &&
                          static_cast<std::uint64_t>(status.st_size) >= Compression::bytes_min;
    if (!is_coded || client_.worker().compressed == nullptr) return std::nullopt;
    return CompressedFiles::Key::of(status, *coding);
  }

  [[nodiscard]] ResponderPointer respond_with(Found found, const Validators& validators,
                                              const Selection& selection) const {
    const auto type = http1::content_type(found.name);
    const bool has_body = selection.status != 304 && selection.status != 412;
    const bool is_sent = has_body && head_.method == Method::get;
    const auto key = key_of(found, selection, type);
    const auto coded = key ? client_.worker().compressed->find(*key) : nullptr;
    if (coded != nullptr) found.coding = http1::name_of(key->coding);
    Reply reply(selection.status);
    if (has_body) {
      reply.add("Content-Type", type);
      reply.set_length(coded != nullptr ? coded->size() : selection.range.count, is_sent);
      reply.add("X-Content-Type-Options", "nosniff");
      if (!found.coding.empty()) reply.add("Content-Encoding", found.coding);
    } else if (selection.status == 412) {
      reply.set_length(0, true);
    }
    if (selection.status == 206)
      reply.add("Content-Range",
                fmt::format("bytes {}-{}/{}", selection.range.first,
                            selection.range.first + selection.range.count - 1, validators.size));
    if (found.status == 200) {
      // As CompressedHead has it for the first who asks.
      reply.add("ETag", coded != nullptr ? "W/" + validators.etag : validators.etag);
      reply.add("Last-Modified", http1::text_of(http1::http_date(validators.modified)));
      if (coded == nullptr) reply.add("Accept-Ranges", "bytes");
    }
    reply.add("Cache-Control", found.status == 200 ? cache_control(found.name, type) : "no-cache");
    if (!cookie_.empty()) reply.add("Set-Cookie", cookie_);
    if (http1::is_compressible(type)) reply.add("Vary", "Accept-Encoding");
    if (coded != nullptr)
      return ResponderPointer(new CodedResponder(client_, std::move(reply), coded));
    if (key) client_.record_compressed(client_.worker().compressed->record(*key));
    auto file = is_sent ? std::move(found.opened.file) : FileDescriptor();
    return ResponderPointer(
        new FileResponder(client_, std::move(reply), std::move(file), selection.range));
  }

  [[nodiscard]] ResponderPointer redirect(std::string location) const {
    if (head_.has_query) {
      location += '?';
      location += head_.query;
    }
    Reply reply(308);
    reply.add("Location", location);
    reply.set_length(0, true);
    return ResponderPointer(new FileResponder(client_, std::move(reply), FileDescriptor(), {}));
  }

  Exchange& client_;
  const http1::RequestHead& head_;
  const routing::StaticTree& settings_;
  Tree tree_;
  std::string cookie_;  // empty: none is set
  bool is_folder_without_slash_ = false;
};

}  // namespace

ResponderPointer serve_static(Exchange& client, const http1::RequestHead& head,
                              const routing::StaticTree& tree, std::string cookie) {
  return StaticRequest(client, head, tree, std::move(cookie)).respond();
}

}  // namespace temps::proxy
