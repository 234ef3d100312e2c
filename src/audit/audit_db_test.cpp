#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/audit.hpp"
#include "audit/module.hpp"
#include "audit/queries.hpp"
#include "audit/trail.hpp"
#include "core/testing.hpp"
#include "testbed/database.hpp"

namespace temps::audit {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct AuditTest : testbed::DatabaseTest {
  FakeClock clock;
  Options options;
  Audit audit{database, clock, options};

  AuditTest() { EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value()); }

  Task<Entry> only() {
    auto found = co_await audit.list({}, std::nullopt, 10);
    EXPECT_THAT(found, SizeIs(1));
    co_return found.at(0);
  }
  Task<std::vector<std::string>> operations(Filter filter) {
    std::vector<std::string> names;
    for (auto& entry : co_await audit.list(std::move(filter), std::nullopt, 100)) {
      names.push_back(std::move(entry.operation));
    }
    co_return names;
  }
  // What PostgreSQL says to a statement; empty when it obeys.
  Task<std::string> answer_to(std::string text) {
    const auto done = co_await attempt(database.script(std::move(text)));
    co_return done ? std::string{} : std::string(done.error().detail());
  }
  Task<std::int64_t> entries() {
    static constexpr sql::Query<std::int64_t> count{"test.count",
                                                    "select count(*) from audit_entries"};
    co_return co_await database.one(count);
  }
};

TASK_TEST_F(AuditTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(AuditTest, AnEntryHasNoOutcomeUntilTheChangeHasEnded) {
  const auto mark = co_await audit.begin({.actor = {.kind = ActorKind::key,
                                                    .user = 3,
                                                    .email = "ann@example.org",
                                                    .credential = 5,
                                                    .credential_name = "laptop"},
                                          .operation = "change_settings",
                                          .project = "shop",
                                          .target = {{"project", "shop"}},
                                          .given = R"({"port":80})",
                                          .before = R"({"port":70})"});
  const auto begun = co_await only();
  EXPECT_FALSE(begun.status.has_value());
  EXPECT_FALSE(begun.ended_at.has_value());
  EXPECT_EQ(begun.target.text, R"({"project": "shop"})");
  EXPECT_EQ(begun.before->text, R"({"port": 70})");
  EXPECT_THAT(co_await operations({.outcome = OutcomeFilter::unknown}),
              ElementsAre("change_settings"));
  clock.advance(2s);
  co_await audit.end(mark, {.status = 200, .after = R"({"port":80})"});
  const auto ended = co_await only();
  EXPECT_EQ(ended.status, 200);
  EXPECT_EQ(ended.ended_at, ended.began_at + 2s);
  EXPECT_EQ(ended.after->text, R"({"port": 80})");
  EXPECT_EQ(ended.credential_name, "laptop");
  EXPECT_THAT(co_await operations({.outcome = OutcomeFilter::unknown}), IsEmpty());
}

TASK_TEST_F(AuditTest, TheDatabaseRefusesToChangeOrForgetAnything) {
  co_await audit.note({.actor = temps(), .operation = "renew"});
  for (const auto* text :
       {"update audit_entries set email = 'nobody'", "delete from audit_entries",
        "truncate audit_entries", "update audit_outcomes set status = 200",
        "delete from audit_outcomes", "truncate audit_outcomes",
        "update audit_entries_202311 set email = 'nobody'", "delete from audit_entries_202311",
        "truncate audit_entries_202311", "truncate audit_outcomes_202311",
        "truncate audit_entries cascade",
        "with gone as (delete from audit_entries returning id) "
        "select * from gone",
        "merge into audit_entries e using (select 1) s on true when matched then delete"}) {
    const auto answer = co_await answer_to(text);
    const bool too_old =
        std::string_view(text).starts_with("merge") && co_await database.server_version() < 150000;
    if (!too_old) EXPECT_THAT(answer, HasSubstr("only added to")) << text;
  }
  EXPECT_EQ((co_await only()).operation, "renew");
}

TASK_TEST_F(AuditTest, OnlyWholeMonthsThatAreOldEnoughGo) {
  options.days_max = days{40};
  co_await audit.note({.operation = "first"});  // 14 November 2023
  clock.advance(days{30});
  co_await audit.note({.operation = "second"});
  clock.advance(days{26});  // 9 January: 40 days ago was 30 November
  co_await audit.sweep();
  EXPECT_EQ(co_await entries(), 2);
  clock.advance(days{1});
  co_await audit.sweep();
  EXPECT_THAT(co_await operations({}), ElementsAre("second"));
  // The part that was just made for the month to come stays, and so does writing.
  co_await audit.note({.operation = "third"});
  EXPECT_THAT(co_await operations({}), ElementsAre("third", "second"));
}

TASK_TEST_F(AuditTest, TwoProcessesMakeTheSameMonth) {
  Audit other(database, clock, options);
  std::vector<Task<>> both;
  both.push_back(audit.note({.operation = "one"}));
  both.push_back(other.note({.operation = "two"}));
  co_await all(std::move(both));
  EXPECT_EQ(co_await entries(), 2);
}

TASK_TEST_F(AuditTest, NothingBeginsWithoutARecord) {
  co_await database.script("drop table audit_outcomes; drop table audit_entries");
  auto begun = co_await attempt(audit.begin({.operation = "change"}));
  EXPECT_TRUE(!begun && begun.error().is(errors::unavailable));
}

TASK_TEST_F(AuditTest, LongTextsAreCutAndSaySo) {
  const std::string body = R"({"text":")" + std::string(Audit::json_bytes_max, 'x') + R"("})";
  co_await audit.note({.operation = "big",
                       .target = {{"name", std::string(10'000, 'n')}},
                       .given = body,
                       .user_agent = std::string("a\0b\xff", 4)},
                      {.after = body});
  const auto entry = co_await only();
  EXPECT_THAT(entry.given->text, HasSubstr(R"("truncated": true)"));
  EXPECT_THAT(entry.after->text, HasSubstr(std::to_string(body.size())));
  EXPECT_LT(entry.target.text.size(), 400U);
}

TASK_TEST_F(AuditTest, EntriesAreFoundByWhoWhatAndWhere) {
  co_await audit.note({.actor = {.kind = ActorKind::session, .user = 1, .email = "ann@example.org"},
                       .operation = "redeploy",
                       .path = "/api/v1/projects/shop/redeploy",
                       .project = "shop",
                       .target = {{"project", "shop"}}});
  clock.advance(1s);
  co_await audit.note({.operation = "log_in", .target = {{"email", "ann@example.org"}}},
                      {.status = 401, .error = "identity.bad_credentials"});
  clock.advance(1s);
  co_await audit.note({.operation = "log_in", .target = {{"email", "ben@example.org"}}},
                      {.status = 201, .user = 2, .email = "ben@example.org"});
  clock.advance(1s);
  co_await audit.note({.actor = temps(), .operation = "renew_certificate"});
  EXPECT_THAT(co_await operations({.actor = "ann@example.org"}), ElementsAre("log_in", "redeploy"));
  EXPECT_THAT(co_await operations({.actor = "temps"}), ElementsAre("renew_certificate"));
  EXPECT_THAT(co_await operations({.operation = "log_in"}), SizeIs(2));
  EXPECT_THAT(co_await operations({.project = "shop"}), ElementsAre("redeploy"));
  EXPECT_THAT(co_await operations({.text = "SHOP/re"}), ElementsAre("redeploy"));
  EXPECT_THAT(co_await operations({.text = "ben@"}), ElementsAre("log_in"));
  EXPECT_THAT(co_await operations({.outcome = OutcomeFilter::failed}), ElementsAre("log_in"));
  EXPECT_THAT(co_await operations({.since = clock.now()}), ElementsAre("renew_certificate"));
  EXPECT_THAT(co_await operations({.until = clock.now() - 2s}), ElementsAre("redeploy"));
  const auto logins = co_await audit.list({.operation = "log_in"}, std::nullopt, 1);
  EXPECT_EQ(logins.at(0).email, "ben@example.org");
  EXPECT_EQ(logins.at(0).user, 2);
  const auto rest = co_await audit.list({.operation = "log_in"},
                                        Cursor{logins.at(0).began_at, logins.at(0).id}, 10);
  EXPECT_THAT(rest, SizeIs(1));
  EXPECT_EQ(rest.at(0).status, 401);
}

TASK_TEST_F(AuditTest, StrangersCannotFillTheLog) {
  Trail trail(audit, clock);
  const auto knock = [](Trail& at, std::string address, Role role) -> Task<std::string> {
    http::Change change;
    change.principal.role = role;
    change.operation = "log_in";
    change.client_address = std::move(address);
    const auto begun = co_await attempt(at.begin(std::move(change)));
    co_return begun ? "noted" : std::string(begun.error().code().code);
  };
  for (std::uint32_t i = 0; i < Trail::anonymous_max; ++i) {
    EXPECT_EQ(co_await knock(trail, "2001:db8::1", Role::anonymous), "noted");
  }
  EXPECT_EQ(co_await knock(trail, "2001:db8::2", Role::anonymous), "audit.too_many");
  EXPECT_EQ(co_await knock(trail, "2001:db8:0:1::2", Role::anonymous), "noted");
  EXPECT_EQ(co_await knock(trail, "2001:db8::1", Role::admin), "noted");
  EXPECT_EQ(co_await entries(), Trail::anonymous_max + 2);
  clock.advance(Trail::window);
  EXPECT_EQ(co_await knock(trail, "2001:db8::2", Role::anonymous), "noted");
}

}  // namespace
}  // namespace temps::audit
