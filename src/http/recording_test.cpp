#include "http/recording.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/secret.hpp"
#include "core/testing.hpp"
#include "http/dispatch.hpp"
#include "http/errors.hpp"

namespace temps::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Permission writers{"things.write", Role::admin, Scope::installation};

constexpr ErrorCode full{"test.full", ErrorKind::unavailable, "The journal is full"};

struct Notes final : Journal {
  std::vector<Change> begun;
  std::vector<ChangeOutcome> ended;
  bool is_full = false;
  bool loses_outcomes = false;

  Task<JournalMark> begin(Change change) override {
    if (is_full) co_await fail(full, "no room");
    begun.push_back(std::move(change));
    co_return JournalMark{.id = static_cast<std::int64_t>(begun.size()), .began_at = {}};
  }
  Task<> end(JournalMark, ChangeOutcome outcome) override {
    if (loses_outcomes) co_await fail(full, "no room");
    ended.push_back(std::move(outcome));
  }
};

struct Admins final : Authenticator {
  Task<Principal> authenticate(const Request& request) override {
    if (request.headers.find("x-nobody")) co_return Principal{};
    co_return Principal{.user = 7, .email = "ann", .role = Role::admin, .kind = "key"};
  }
};

struct Text final : BodyReader {
  explicit Text(std::string text) : text_(std::move(text)) {}
  Task<std::string_view> read() override {
    if (std::exchange(done_, true)) co_return std::string_view{};
    co_return std::string_view(text_);
  }
  std::string text_;
  bool done_ = false;
};

struct Collected final : BodyWriter {
  std::string text;
  Task<> write(std::string_view bytes) override {
    text += bytes;
    co_return;
  }
  Task<> gone() override { co_return; }
};

struct Lamp {
  std::string color = "red";
  Secret pin{"0000"};
  int changes = 0;
};
struct LampView {
  std::string color;
};
struct LampBody {
  std::string color;
  Secret pin;
};
struct Minted {
  std::string name;
  Disclosed once;
};

Task<Ok<LampView>> show_lamp(Lamp& lamp, Path<std::string>) {
  co_return Ok<LampView>{{lamp.color}};
}
Task<Ok<LampView>> change_lamp(Lamp& lamp, Path<std::string>, Body<LampBody> body) {
  ++lamp.changes;
  if (body.value.color == "ultraviolet") co_await fail(errors::bad_parameter, "nobody sees that");
  lamp.color = body.value.color;
  co_return Ok<LampView>{{lamp.color}};
}
Task<Created<Minted>> mint(Lamp& lamp, Body<LampBody> body) {
  ++lamp.changes;
  co_return Created<Minted>{{body.value.color, {"s3cret"}}};
}
Task<NoContent> log_in(Lamp&, Request& request) {
  request.principal = {.user = 9, .email = "ben"};
  co_return NoContent{};
}

struct RecordingTest : testing::Test {
  ManualLoop loop;
  Router router;
  Admins admins;
  Notes notes;
  Lamp lamp;

  RecordingTest() {
    auto api = router.bind(lamp);
    api.get<show_lamp>("/lamps/{lamp}", writers, "Show a lamp");
    api.put<change_lamp>("/lamps/{light}", writers, "Change a lamp");
    api.post<mint>("/lamps", writers, "Make a lamp");
    api.post<log_in>("/sessions", permissions::open, "Log in");
  }
  Task<Response> send(std::string method, std::string path, std::string body = {},
                      Headers headers = {}) {
    headers.add("User-Agent", "curl/8");
    Text text(std::move(body));
    Request request{.method = std::move(method),
                    .path = std::move(path),
                    .headers = std::move(headers),
                    .id = "r1",
                    .client_address = "192.0.2.1",
                    .body = &text};
    auto response = co_await dispatch(router, admins, request, &notes);
    if (response.stream) {
      Collected out;
      co_await attempt(response.stream(out));
      response.body = out.text;
    }
    co_return response;
  }
};

TASK_TEST_F(RecordingTest, AChangeIsNotedWithWhatItWasBeforeAndAfter) {
  EXPECT_EQ((co_await send("PUT", "/lamps/desk", R"({"color":"blue","pin":"1234"})")).status, 200);
  EXPECT_EQ(lamp.color, "blue");
  EXPECT_THAT(notes.begun, SizeIs(1));
  const auto& change = notes.begun.at(0);
  EXPECT_EQ(change.operation, "change_lamp");
  EXPECT_EQ(change.summary, "Change a lamp");
  EXPECT_EQ(change.principal.email, "ann");
  EXPECT_EQ(change.path_values.at("light"), "desk");
  EXPECT_EQ(change.given, R"({"color":"blue","pin":"****"})");
  EXPECT_EQ(change.before, R"({"color":"red"})");
  EXPECT_EQ(change.client_address, "192.0.2.1");
  EXPECT_EQ(change.user_agent, "curl/8");
  EXPECT_EQ(change.request_id, "r1");
  EXPECT_THAT(notes.ended, SizeIs(1));
  EXPECT_EQ(notes.ended.at(0).status, 200);
  EXPECT_EQ(notes.ended.at(0).after, R"({"color":"blue"})");
}

TASK_TEST_F(RecordingTest, NothingIsChangedThatCannotBeNoted) {
  notes.is_full = true;
  const auto response = co_await send("PUT", "/lamps/desk", R"({"color":"blue","pin":"1234"})");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(lamp.changes, 0);
}

TASK_TEST_F(RecordingTest, AChangeIsMadeThoughItsOutcomeIsLost) {
  notes.loses_outcomes = true;
  EXPECT_EQ((co_await send("PUT", "/lamps/desk", R"({"color":"blue","pin":"1234"})")).status, 200);
  EXPECT_THAT(notes.begun, SizeIs(1));
  EXPECT_THAT(notes.ended, IsEmpty());
}

TASK_TEST_F(RecordingTest, AFailureIsNotedWithItsCode) {
  const auto response =
      co_await send("PUT", "/lamps/desk", R"({"color":"ultraviolet","pin":"1234"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(notes.ended.at(0).status, 400);
  EXPECT_EQ(notes.ended.at(0).error, "http.bad_parameter");
  EXPECT_EQ(notes.ended.at(0).after, "");
}

TASK_TEST_F(RecordingTest, WhatIsMadeIsNotedWithoutItsSecret) {
  const auto response = co_await send("POST", "/lamps", R"({"color":"blue","pin":"1234"})");
  EXPECT_EQ(response.body, R"({"name":"blue","once":"s3cret"})");
  EXPECT_EQ(notes.ended.at(0).after, R"({"name":"blue","once":"****"})");
}

TASK_TEST_F(RecordingTest, ReadsAndRefusedCallersAreNoChanges) {
  co_await send("GET", "/lamps/desk");
  co_await send("HEAD", "/lamps/desk");
  EXPECT_EQ((co_await send("PUT", "/nowhere", "{}")).status, 404);
  Headers nobody;
  nobody.add("x-nobody", "1");
  EXPECT_EQ((co_await send("PUT", "/lamps/desk", "{}", std::move(nobody))).status, 401);
  EXPECT_THAT(notes.begun, IsEmpty());
}

TASK_TEST_F(RecordingTest, ABodyThatIsNoJsonChangesNothingAndShowsNothing) {
  EXPECT_EQ((co_await send("PUT", "/lamps/desk", R"({"pin":"1234)")).status, 400);
  EXPECT_EQ(notes.begun.at(0).given, "");
  EXPECT_EQ(lamp.changes, 0);
}

TASK_TEST_F(RecordingTest, WhoLogsInIsKnownAfterwards) {
  Headers nobody;
  nobody.add("x-nobody", "1");
  EXPECT_EQ((co_await send("POST", "/sessions", {}, std::move(nobody))).status, 204);
  EXPECT_EQ(notes.begun.at(0).principal.email, "");
  EXPECT_EQ(notes.ended.at(0).principal.email, "ben");
}

TASK_TEST_F(RecordingTest, TheOutcomeOfAStreamIsNotedAtItsEnd) {
  router.raw("POST", "/push", permissions::open, [this](Request& request) -> Task<Response> {
    return [](Request& self, std::vector<ChangeOutcome>& ended) -> Task<Response> {
      Response response;
      response.stream = [&self, &ended](BodyWriter& out) -> Task<> {
        return [](Request& asked, std::vector<ChangeOutcome>& before, BodyWriter& to) -> Task<> {
          co_await to.write("going");
          EXPECT_THAT(before, IsEmpty());
          asked.noted = R"({"accepted":true})";
        }(self, ended, out);
      };
      co_return response;
    }(request, notes.ended);
  });
  EXPECT_EQ((co_await send("POST", "/push")).body, "going");
  EXPECT_THAT(notes.ended, SizeIs(1));
  EXPECT_EQ(notes.ended.at(0).after, R"({"accepted":true})");
}

// The status of a stream is sent before it is known how it ends.
TASK_TEST_F(RecordingTest, AStreamSaysInWhatItNotesThatItHasFailed) {
  router.raw("POST", "/push", permissions::open, [](Request& request) -> Task<Response> {
    return [](Request& self) -> Task<Response> {
      Response response;
      response.stream = [&self](BodyWriter& out) -> Task<> {
        self.noted = R"({"accepted":false,"error":"git.push_refused"})";
        return out.write("no");
      };
      co_return response;
    }(request);
  });
  EXPECT_EQ((co_await send("POST", "/push")).body, "no");
  EXPECT_EQ(notes.ended.at(0).error, "git.push_refused");
  EXPECT_EQ(notes.ended.at(0).status, 409);
}

TASK_TEST_F(RecordingTest, ARawRouteSaysWhatItChanges) {
  router
      .raw("POST", "/fetch", permissions::open,
           [](Request&) -> Task<Response> { co_return Response{}; })
      .changes = [](const Request&) { return false; };
  co_await send("POST", "/fetch");
  EXPECT_THAT(notes.begun, IsEmpty());
}

}  // namespace
}  // namespace temps::http
