// An entry as the API shows it, and as a line of an export. Private.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit.hpp"
#include "json/json.hpp"

namespace temps::audit {

enum class Outcome : std::uint8_t { done, failed, unknown };

struct ActorView {
  ActorKind kind;
  std::optional<std::int64_t> user;
  std::optional<std::string> email;
  std::optional<std::int64_t> credential;  // of the session or API key
  std::optional<std::string> credential_name;
};
struct EntryView {
  std::int64_t id;
  Instant time;
  ActorView actor;
  std::string operation;
  std::string summary;
  std::string method;
  std::string path;
  std::optional<std::string> project;
  json::Raw target;
  Outcome outcome;  // unknown: the process died before it could be recorded
  std::optional<std::int64_t> status;
  std::optional<std::string> error;
  std::optional<Instant> ended_at;
  std::optional<json::Raw> given;
  std::optional<json::Raw> before;
  std::optional<json::Raw> after;
  std::string client;
  std::string user_agent;
  std::string request_id;
};

EntryView view(const Entry& entry);

// RFC 4180, every cell in quotes. A cell that a spreadsheet would take for a formula begins with an
// apostrophe.
std::string csv_head();
std::string csv_line(const Entry& entry);
std::string csv_cell(std::string_view text);

}  // namespace temps::audit
