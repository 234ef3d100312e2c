// An app that writes down every request it gets, and judges whether another reader could take it
// for something else. Does not use the proxy's own parser, which might be wrong itself. For tests
// only.
#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/sockets_for_tests.hpp"

namespace temps::proxy::testing {

// What is ambiguous about a head, or nothing.
inline std::string ambiguity(const std::string& head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const auto byte = static_cast<unsigned char>(head[i]);
    if (byte == '\n' && (i == 0 || head[i - 1] != '\r')) return "a bare LF";
    if (byte == '\r' && (i + 1 == head.size() || head[i + 1] != '\n')) return "a bare CR";
    if (byte < 0x20 && byte != '\r' && byte != '\n' && byte != '\t') return "a control character";
  }
  const auto lines = split(head, '\n');
  if (split(lines[0], ' ').size() != 3 || !lines[0].ends_with(" HTTP/1.1\r"))
    return "a start line of other than three words";
  int framings = 0;
  int hosts = 0;
  for (std::size_t i = 1; i < lines.size() && lines[i] != "\r" && !lines[i].empty(); ++i) {
    const auto name = lowered(cut(lines[i], ":").first);
    if (name.size() == lines[i].size()) return "a line without a colon";
    if (name.find_first_of(" \t") != std::string::npos) return "a blank in a name";
    if (name == "host") ++hosts;
    const bool is_framing =
        name.find("length") != std::string::npos || name.find("encoding") != std::string::npos;
    if (!is_framing) continue;
    ++framings;
    const auto value = std::string(trimmed(lines[i].substr(name.size() + 1)));
    const bool is_plain = (name == "content-length" && parse_number<std::uint64_t>(value) &&
                           std::to_string(*parse_number<std::uint64_t>(value)) == value) ||
                          (name == "transfer-encoding" && value == "chunked");
    if (!is_plain) return "framing \"" + name + ": " + value + "\"";
  }
  if (hosts != 1) return "other than one Host";
  return framings > 1 ? "two framings" : "";
}

class Recorder {
 public:
  [[nodiscard]] const std::string& address() const { return origin_->address(); }
  // Ends the app: all that it got is known then.
  struct Seen {
    std::vector<std::string> heads;  // of requests that came whole
    std::vector<std::string> cut;    // and of those that did not
  };
  Seen finish() {
    origin_.reset();
    return seen_;
  }

 private:
  // Answers with the first line and the body that it got.
  void serve(Peer& peer) {
    for (;;) {
      const auto request = peer.read_message();
      if (request.head.empty()) return;
      {
        const std::lock_guard lock(mutex_);
        (request.is_whole ? seen_.heads : seen_.cut).push_back(request.head);
      }
      if (!request.is_whole) return;
      const auto first = request.head.substr(0, request.head.find(" HTTP/1.1"));
      if (!peer.write(response(first + "|" + request.body))) return;
    }
  }

  std::mutex mutex_;
  Seen seen_;
  std::unique_ptr<Origin> origin_ = std::make_unique<Origin>([this](Peer& peer) { serve(peer); });
};

// No request came that nobody has sent, and none that two readers could understand differently.
inline void expect_nothing_smuggled(const Recorder::Seen& seen) {
  for (const auto* heads : {&seen.heads, &seen.cut}) {
    for (const auto& head : *heads) {
      const auto line = head.substr(0, head.find("\r\n"));
      EXPECT_EQ(line.find("smuggled"), std::string::npos) << head;
      EXPECT_EQ(ambiguity(head), "") << head;
    }
  }
}

}  // namespace temps::proxy::testing
