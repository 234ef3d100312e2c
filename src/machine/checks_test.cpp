#include "machine/checks.hpp"

#include <gmock/gmock.h>

namespace temps::machine {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t gigabyte = 1ULL << 30U;
constexpr ErrorCode away{"test.away", ErrorKind::unavailable, "Away"};

TEST(Checks, AnEngineThatDoesNotAnswerFails) {
  const auto check = check_engine("docker", "", Error(away, "nobody listens"));
  EXPECT_EQ(check.verdict, Verdict::failed);
  EXPECT_EQ(check.detail, "nobody listens");
  EXPECT_THAT(check.fix, HasSubstr("systemctl"));
}

TEST(Checks, ProcessesAreANoteAndContainersAreFine) {
  EXPECT_EQ(check_engine("process", "they share things", {}).verdict, Verdict::note);
  const auto docker = check_engine("docker", "", {});
  EXPECT_EQ(docker.verdict, Verdict::ok);
  EXPECT_THAT(docker.fix, IsEmpty());
}

TEST(Checks, OldServersFail) {
  EXPECT_EQ(check_postgresql(150'004).verdict, Verdict::ok);
  EXPECT_THAT(check_postgresql(150'004).detail, HasSubstr("15.4"));
  EXPECT_EQ(check_postgresql(130'011).verdict, Verdict::failed);
}

TEST(Checks, ADiskOnWhichNothingIsBuiltFails) {
  const auto verdict = [](std::uint64_t total, std::uint64_t free) {
    return check_disk("/data", {.total_bytes = total, .free_bytes = free}).verdict;
  };
  EXPECT_EQ(verdict(100 * gigabyte, 50 * gigabyte), Verdict::ok);
  EXPECT_EQ(verdict(100 * gigabyte, 3 * gigabyte), Verdict::warning);
  EXPECT_EQ(verdict(100 * gigabyte, 1 * gigabyte), Verdict::failed);
  // Of a small disk a tenth is enough.
  EXPECT_EQ(verdict(10 * gigabyte, 2 * gigabyte), Verdict::ok);
}

TEST(Checks, LittleMemoryWithoutSwapIsAWarning) {
  Memory memory{.total_bytes = gigabyte / 2, .available_bytes = gigabyte / 4};
  EXPECT_EQ(check_memory(memory).verdict, Verdict::warning);
  memory.swap_total_bytes = gigabyte;
  EXPECT_EQ(check_memory(memory).verdict, Verdict::ok);
  EXPECT_EQ(check_memory({.total_bytes = 8 * gigabyte, .available_bytes = gigabyte / 8}).verdict,
            Verdict::warning);
}

TEST(Checks, APortThatNobodyServesFails) {
  EXPECT_EQ(check_ports({.public_port = 80}).verdict, Verdict::failed);
  EXPECT_THAT(check_ports({.public_port = 8080}).fix, HasSubstr("0.0.0.0:8080"));
  EXPECT_EQ(check_ports({.public_port = 80, .public_port_answers = true}).verdict, Verdict::note);
  EXPECT_EQ(
      check_ports({.public_port = 80, .public_port_answers = true, .https_answers = true}).verdict,
      Verdict::ok);
}

TEST(Checks, ANameLeadsHereOrSaysWhichRecordToChange) {
  AddressSeen seen{.host = "temps.example.com",
                   .answer = {.outcome = net::DnsOutcome::found, .addresses = {"203.0.113.7"}},
                   .own = {"203.0.113.7"}};
  EXPECT_EQ(check_address(seen).verdict, Verdict::ok);
  seen.own = {"203.0.113.9"};
  EXPECT_EQ(check_address(seen).verdict, Verdict::warning);
  EXPECT_THAT(check_address(seen).fix, HasSubstr("temps.example.com  A  203.0.113.9"));
  seen.own = {};
  EXPECT_EQ(check_address(seen).verdict, Verdict::note);
}

TEST(Checks, AMissingNameSaysWhichRecordToAdd) {
  AddressSeen seen{.host = "temps.example.com",
                   .answer = {.outcome = net::DnsOutcome::missing},
                   .own = {"2001:db8::7"}};
  EXPECT_EQ(check_address(seen).verdict, Verdict::failed);
  EXPECT_THAT(check_address(seen).fix, HasSubstr("temps.example.com  AAAA  2001:db8::7"));
  seen.answer.outcome = net::DnsOutcome::no_answer;
  EXPECT_EQ(check_address(seen).verdict, Verdict::warning);
}

TEST(Checks, LocalNamesAndAddressesAreANote) {
  for (const auto* host : {"localhost", "temps.localhost", "127.0.0.1", "203.0.113.7"}) {
    EXPECT_EQ(check_address({.host = host}).verdict, Verdict::note) << host;
  }
}

TEST(Checks, WithoutProxyOrGitNothingWorks) {
  EXPECT_EQ(check_proxy(Error(away, "it is away")).verdict, Verdict::failed);
  EXPECT_EQ(check_proxy({}).verdict, Verdict::ok);
  EXPECT_EQ(check_git(false).verdict, Verdict::failed);
  EXPECT_EQ(check_git(true).verdict, Verdict::ok);
}

}  // namespace
}  // namespace temps::machine
