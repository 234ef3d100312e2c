// What /proc and the control groups say.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "files/files.hpp"
#include "runtime/control_group.hpp"
#include "runtime/listening.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view tcp_table =
    R"(  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0 100 0 0 10 0
   1: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 102 1 0 100 0 0 10 0
   2: 0100007F:1538 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 103 1 0 20 4 30 10 -1
   3: 0B00007F:8A11 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 104 1 0 100 0 0 10 0
)";
constexpr std::string_view tcp6_table =
    R"(  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 201 1 0 100 0 0 10 0
   1: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 202 1 0 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 203 1 0 100 0 0 10 0
)";

TEST(Listening, ReadsListeningSocketsAndLeavesOutTheEnginesNameServer) {
  EXPECT_EQ(parse_listening(tcp_table),
            (std::vector<ListeningSocket>{{5432, 101, true}, {3000, 102, false}}));
}

TEST(Listening, KnowsTheLoopbackAddressesOfVersion6) {
  EXPECT_EQ(
      parse_listening(tcp6_table),
      (std::vector<ListeningSocket>{{8080, 201, true}, {8081, 202, false}, {8082, 203, true}}));
}

TEST(Listening, LeavesOutWhatIsNoRow) {
  EXPECT_TRUE(parse_listening("").empty());
  EXPECT_TRUE(parse_listening("0: 0100007F:XXXX 0:0 0A a b c d e 12\n0A 0A 0A 0A\n").empty());
}

TEST(Listening, GivesPortsInOrderOnce) {
  EXPECT_EQ(ports_of({{80, 1, false}, {22, 2, false}, {80, 3, true}}),
            (std::vector<std::uint16_t>{22, 80}));
}

TEST(ProcessTable, ReadsANameWithSpacesAndParentheses) {
  const auto entry = parse_process_entry(
      "42 (a) b (c) S 7 42 41 0 -1 4194560 1 0 0 0 5 6 7 8 20 0 1 0 987654 1 2 3");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->pid, 42);
  EXPECT_EQ(entry->parent, 7);
  EXPECT_EQ(entry->session, 41);
  EXPECT_EQ(entry->state, 'S');
  EXPECT_EQ(entry->start_time, 987654U);
  EXPECT_EQ(entry->cpu_ticks, 26U);
  EXPECT_EQ(entry->memory_pages, 2U);
}

TEST(ProcessTable, RefusesOtherText) {
  EXPECT_FALSE(parse_process_entry(""));
  EXPECT_FALSE(parse_process_entry("1 (x) S 1 2"));
  EXPECT_FALSE(parse_process_entry(") 1 ( S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20"));
}

TEST(ProcessTable, AProcessIsAliveOnlyUnderItsOwnStartTimeAndBoot) {
  auto mark = mark_of(::getpid());
  EXPECT_TRUE(is_alive(mark));
  auto other_start = mark;
  ++other_start.start_time;
  EXPECT_FALSE(is_alive(other_start));
  mark.boot = "another";
  EXPECT_FALSE(is_alive(mark));
  EXPECT_TRUE(members_of_session(mark).empty());
}

struct ControlGroupTest : testing::Test {
  files::TemporaryFolder root;
  const Limits limits{.memory_bytes = 1 << 20, .cpus = 0.5, .pids = 40};
  [[nodiscard]] std::string text(const fs::path& path) const {
    return files::read(root.path() / path).value_or("missing");
  }
};

TEST_F(ControlGroupTest, WritesTheLimitsOfVersion2) {
  ASSERT_TRUE(files::write_atomically(root.path() / "cgroup.controllers", "cpu memory pids"));
  const auto group = make_group("ab/app-x", limits, root.path());
  ASSERT_EQ(group.size(), 1U);
  EXPECT_EQ(text("temps/ab/app-x/memory.max"), "1048576");
  EXPECT_EQ(text("temps/ab/app-x/memory.swap.max"), "0");
  EXPECT_EQ(text("temps/ab/app-x/cpu.max"), "50000 100000");
  EXPECT_EQ(text("temps/ab/app-x/pids.max"), "40");
  EXPECT_EQ(text("temps/ab/cgroup.subtree_control"), "+memory +cpu +pids");
}

TEST_F(ControlGroupTest, WritesTheLimitsOfVersion1) {
  for (const auto* controller : {"memory", "cpu", "pids"}) {
    ASSERT_TRUE(files::make_folder(root.path() / controller));
  }
  const auto group = make_group("app-x", limits, root.path());
  EXPECT_EQ(group.size(), 3U);
  EXPECT_EQ(text("memory/temps/app-x/memory.limit_in_bytes"), "1048576");
  EXPECT_EQ(text("cpu/temps/app-x/cpu.cfs_quota_us"), "50000");
  EXPECT_EQ(text("pids/temps/app-x/pids.max"), "40");
}

TEST_F(ControlGroupTest, CountsMembersOnceAndReadsMemoryKills) {
  for (const auto* controller : {"memory", "pids"}) {
    ASSERT_TRUE(files::make_folder(root.path() / controller));
  }
  const auto group = make_group("app-x", {}, root.path());
  ASSERT_EQ(group.size(), 2U);
  for (const auto& folder : group) {
    ASSERT_TRUE(files::write_atomically(fs::path(folder) / "cgroup.procs", "12\n13\n"));
  }
  ASSERT_TRUE(files::write_atomically(fs::path(group[0]) / "memory.oom_control",
                                      "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"));
  EXPECT_EQ(members_of(group), (std::vector<int>{12, 13}));
  EXPECT_EQ(memory_kills(group), 3U);
}

TEST_F(ControlGroupTest, ThereIsNoGroupWhereThereAreNoControllers) {
  EXPECT_TRUE(make_group("app-x", limits, root.path()).empty());
}

}  // namespace
}  // namespace temps::runtime
