// What the tests of this module share: a store in a folder of its own, at a time of its own.
#pragma once
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "logs/errors.hpp"
#include "logs/logs.hpp"

namespace temps::logs {

struct LogsTest : testing::Test {
  ManualLoop loop;
  FakeClock clock;
  files::TemporaryFolder folder;
  Retention retention;
  std::optional<Store> opened;

  Store& store() {
    if (!opened) opened.emplace(folder.path() / "logs", clock, retention);
    return *opened;
  }
  // As after the end of the process and a new start.
  void restart() { opened.reset(); }

  Line line(std::string text) const { return {.time = clock.now(), .text = std::move(text)}; }
  void append(std::string_view channel, const std::vector<std::string>& texts) {
    std::vector<Line> lines;
    for (const auto& text : texts) lines.push_back(line(text));
    const auto appended = store().append(channel, lines);
    ASSERT_TRUE(appended.has_value()) << appended.error().detail();
  }
  // `count` lines of about 1000 bytes that do not compress to nothing.
  void fill(std::string_view channel, int count, std::string_view tag = "") {
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) {
      auto text = fmt::format("{}{} ", tag, i);
      while (text.size() < 1000) text += fmt::format("{:x}", std::hash<std::string>{}(text));
      texts.push_back(std::move(text));
    }
    append(channel, texts);
  }
  std::vector<Line> lines(std::string_view channel, const Query& query = {}) {
    auto read = store().read(channel, query);
    EXPECT_TRUE(read.has_value()) << read.error().detail();
    return read ? *read : std::vector<Line>{};
  }
  std::vector<std::string> texts(std::string_view channel, const Query& query = {}) {
    std::vector<std::string> texts;
    for (auto& read : lines(channel, query)) texts.push_back(read.text);
    return texts;
  }
  std::vector<std::filesystem::path> files(std::string_view channel, std::string_view ending) {
    std::vector<std::filesystem::path> found;
    const auto path = folder.path() / "logs" / channel;
    if (!std::filesystem::exists(path)) return found;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.path().native().ends_with(ending)) found.push_back(entry.path());
    }
    return found;
  }
};

}  // namespace temps::logs
