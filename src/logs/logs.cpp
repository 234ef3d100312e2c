#include "logs/logs.hpp"

#include <algorithm>
#include <system_error>

#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "logs/channel.hpp"
#include "logs/errors.hpp"

namespace temps::logs {

namespace {

constexpr std::size_t words_max = 4;
constexpr std::size_t word_bytes_max = 64;

bool is_word(std::string_view word) {
  return !word.empty() && word.size() <= word_bytes_max && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

// The names of files have a dot, those of channels have none: they cannot meet in one folder.
Result<> check_name(std::string_view name) {
  const auto words = split(name.substr(0, words_max * (word_bytes_max + 1) + 1), '/');
  if (words.size() <= words_max && std::ranges::all_of(words, is_word)) return {};
  return fail(errors::bad_channel, "{} names no log; a name is like builds/17 or apps/3/production",
              is_utf8(name) && name.size() < 100 ? "\"" + std::string(name) + "\"" : "this");
}

// All channels that have a folder, those inside another first.
Result<std::vector<std::string>> names_below(const std::filesystem::path& root) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(root, error);
  if (error == std::errc::no_such_file_or_directory) return names;
  for (; !error && entry != std::filesystem::recursive_directory_iterator();
       entry.increment(error)) {
    std::error_code gone;
    if (entry->is_symlink(gone) || !entry->is_directory(gone)) continue;
    auto name = entry->path().lexically_relative(root).generic_string();
    if (!check_name(name)) {
      entry.disable_recursion_pending();
    } else {
      names.push_back(std::move(name));
    }
  }
  if (error) return fail(files::refusal("read the folder", root, error.value()));
  std::ranges::sort(names, std::greater{});
  return names;
}

}  // namespace

Store::Store(std::filesystem::path root, const Clock& clock, Retention retention)
    : root_(std::move(root)), clock_(clock), retention_(retention) {}

Store::~Store() = default;

// A channel without lines is not remembered, so that asking for names fills no memory.
Result<std::shared_ptr<Channel>> Store::open(std::string_view name) const {
  if (auto checked = check_name(name); !checked) return fail(checked.error());
  if (const auto known = channels_.find(name); known != channels_.end()) return known->second;
  auto channel = Channel::load(root_ / name);
  if (channel && !(*channel)->is_empty()) channels_.emplace(name, *channel);
  return channel;
}

void Store::forget_if_idle(std::string_view name) {
  const auto known = channels_.find(name);
  if (known == channels_.end() || known->second.use_count() > 1) return;
  if (!known->second->has_open_segment()) channels_.erase(known);
}

Result<> Store::append(std::string_view name, std::span<const Line> lines) {
  auto channel = open(name);
  if (!channel) return fail(channel.error());
  if (lines.empty()) return {};
  channels_.emplace(name, *channel);
  if (auto appended = (*channel)->append(lines, clock_.now()); !appended) return appended;
  Swept swept;
  (*channel)->remove_beyond(retention_.channel_bytes_max, swept);
  return {};
}

Result<std::vector<Line>> Store::read(std::string_view name, const Query& query) const {
  auto channel = open(name);
  if (!channel) return fail(channel.error());
  return (*channel)->read(query);
}

Task<> Store::wait(std::string name, std::int64_t after_sequence) {
  struct Waiter {
    Store& store;
    const std::string& name;
    std::shared_ptr<Channel> channel;
    ~Waiter() {
      channel.reset();
      store.forget_if_idle(name);
    }
  };
  const Waiter waiter{*this, name, co_await open(name)};
  channels_.emplace(name, waiter.channel);
  while (!waiter.channel->has_after(after_sequence)) {
    if (waiter.channel->removed) co_await fail(errors::removed, "the log {} was removed", name);
    co_await waiter.channel->changed.next();
  }
}

Task<std::vector<Line>> Store::follow(std::string name, std::int64_t after_sequence) {
  for (;;) {
    co_await wait(name, after_sequence);
    auto lines = co_await read(name, {.after_sequence = after_sequence});
    if (!lines.empty()) co_return lines;
  }
}

Result<> Store::sync() {
  for (const auto& [name, channel] : channels_) {
    if (auto synced = channel->sync(); !synced) return synced;
  }
  return {};
}

Result<> Store::remove(std::string_view name) {
  if (auto checked = check_name(name); !checked) return checked;
  const auto below = std::string(name) + '/';
  std::vector<std::shared_ptr<Channel>> gone;
  std::erase_if(channels_, [&](const auto& known) {
    if (known.first != name && !known.first.starts_with(below)) return false;
    gone.push_back(known.second);
    return true;
  });
  auto removed = files::remove_all(root_ / name);
  for (const auto& channel : gone) {
    channel->forget();
    channel->changed.notify();
  }
  return removed;
}

Result<Swept> Store::sweep() {
  auto names = names_below(root_);
  if (!names) return fail(names.error());
  Swept swept;
  std::vector<std::shared_ptr<Channel>> all;
  for (const auto& name : *names) {
    auto channel = open(name);
    const auto closed = channel ? (*channel)->close_when_due(clock_.now()) : Result<>();
    if (!channel || !closed) {
      log::warning(
          "a log is not swept",
          {{"log", name}, {"detail", (channel ? closed.error() : channel.error()).detail()}});
      continue;
    }
    (*channel)->remove_older(clock_.now() - retention_.age_max, swept);
    (*channel)->remove_beyond(retention_.channel_bytes_max, swept);
    swept.bytes_kept += (*channel)->bytes();
    // Refuses, as it should, when something is inside.
    std::error_code not_empty;
    std::filesystem::remove(root_ / name, not_empty);
    all.push_back(std::move(*channel));
  }
  remove_beyond_total(all, swept);
  all.clear();
  for (const auto& name : *names) forget_if_idle(name);
  return swept;
}

// The oldest segments of all channels, until the rest fits.
void Store::remove_beyond_total(const std::vector<std::shared_ptr<Channel>>& all,
                                Swept& swept) const {
  std::vector<std::pair<Instant, Channel*>> oldest_first;
  for (const auto& channel : all) {
    for (const auto& segment : channel->segments()) {
      if (segment.closed) oldest_first.emplace_back(segment.latest, channel.get());
    }
  }
  std::ranges::sort(oldest_first);
  for (const auto& [latest, channel] : oldest_first) {
    if (swept.bytes_kept <= retention_.total_bytes_max) return;
    const auto before = swept.bytes_removed;
    channel->remove_oldest(swept);
    swept.bytes_kept -= swept.bytes_removed - before;
  }
}

}  // namespace temps::logs
