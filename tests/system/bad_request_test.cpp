// What the proxy and the API say to requests that make no sense.
#include <gmock/gmock.h>

#include "core/text.hpp"
#include "json/json.hpp"
#include "system/one_world.hpp"

namespace temps::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Field {
  std::string pointer;
  std::string detail;
};
struct Problem {
  std::string type;
  std::string title;
  int status = 0;
  std::string detail;
  std::string code;
  std::vector<Field> errors;
};

Problem problem(const Answer& answer) {
  EXPECT_THAT(answer.field("Content-Type"), HasSubstr("application/problem+json")) << answer.body;
  auto decoded = json::decode<Problem>(answer.body, {.missing = json::Missing::default_value});
  EXPECT_TRUE(decoded) << answer.body;
  if (!decoded) return {};
  EXPECT_EQ(decoded->status, answer.status);
  EXPECT_FALSE(decoded->title.empty());
  EXPECT_FALSE(answer.field("X-Request-Id").empty());
  return *decoded;
}

class BadRequest : public OneWorld {};

TEST_F(BadRequest, ForAnUnknownHostGetsAPageThatAPersonCanRead) {
  const auto answer = fetch(world.loop(), world.port(), {.host = "nobody.localhost"});
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.field("Content-Type"), HasSubstr("text/html"));
  EXPECT_THAT(answer.body, HasSubstr("nobody.localhost"));
}

TEST_F(BadRequest, WithAWrongTokenIsUnauthenticated) {
  const auto answer =
      fetch(world.loop(), world.port(),
            {.target = "/api/v1/me", .fields = {"Authorization: Bearer tk_not_a_real_token"}});
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(problem(answer).status, 401);

  auto call = world.call({temps_binary(), "project", "list", "--url", world.url()});
  call.environment["TEMPS_TOKEN"] = "tk_not_a_real_token";
  const auto outcome = run(world.loop(), std::move(call));
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("temps login " + world.url()));
}

TEST_F(BadRequest, WithoutATokenIsUnauthenticated) {
  const auto answer = fetch(world.loop(), world.port(), {.target = "/api/v1/projects"});
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(problem(answer).detail, HasSubstr("API key"));
}

TEST_F(BadRequest, WithBrokenJsonIsAProblem) {
  const auto answer = world.api("POST", "/api/v1/projects", R"({"name":)");
  EXPECT_EQ(answer.status, 400);
  EXPECT_FALSE(problem(answer).code.empty());
}

TEST_F(BadRequest, WithAWrongFieldNamesIt) {
  const auto answer = world.api("POST", "/api/v1/projects", R"({"name":7})");
  EXPECT_EQ(answer.status, 400);
  const auto said = problem(answer);
  ASSERT_FALSE(said.errors.empty()) << answer.body;
  EXPECT_EQ(said.errors.front().pointer, "/name");
}

TEST_F(BadRequest, WithABodyThatIsTooLargeIsRefused) {
  const auto answer =
      world.api("POST", "/api/v1/projects", "{\"name\":\"" + std::string(3U << 20U, 'a') + "\"}");
  EXPECT_EQ(answer.status, 413);
}

TEST_F(BadRequest, ForWhatIsNotThereIsAProblem) {
  EXPECT_EQ(problem(world.api("GET", "/api/v1/projects/nowhere")).status, 404);
  EXPECT_EQ(problem(world.api("GET", "/api/v1/nonsense")).status, 404);
  EXPECT_EQ(world.api("DELETE", "/api/v1/projects").status, 405);
}

TEST_F(BadRequest, ThatGuessesPasswordsIsSlowedDown) {
  Answer last;
  for (int i = 0; i < 30 && last.status != 429; ++i) {
    last = fetch(world.loop(), world.port(),
                 {.method = "POST",
                  .target = "/api/v1/sessions",
                  .fields = {"Content-Type: application/json"},
                  .body = R"({"email":"victim@example.com","password":"guess-number-one"})"});
  }
  EXPECT_EQ(last.status, 429);
  EXPECT_FALSE(last.field("Retry-After").empty());
}

TEST_F(BadRequest, OfTheCommandLineIsExplained) {
  EXPECT_EQ(world.temps({"frobnicate"}).code, 2);
  EXPECT_EQ(world.temps({"project", "create"}).code, 2);
  EXPECT_EQ(world.temps({"up", "--listen", "nonsense"}).code, 2);
  const auto set = world.temps({"project", "set", "nowhere", "branch"});
  EXPECT_EQ(set.code, 1);
  EXPECT_THAT(set.err, HasSubstr("branch=main"));
}

}  // namespace
}  // namespace temps::e2e
