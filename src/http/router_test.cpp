#include "http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "http/server.hpp"

namespace temps::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using ShelfId = Id<struct ShelfTag>;

struct Shelves {
  std::string seen;
};
enum class Order : std::uint8_t { oldest, newest };
struct BookBody {
  std::string title;
  std::optional<int> pages;
};
struct BookView {
  std::string title;
  std::int64_t shelf;
};
struct Filter {
  std::optional<std::string> author;
  Order order;
  std::optional<bool> lent;
};

Task<Created<BookView>> add_book(Shelves&, const Request& request, Path<ShelfId> shelf,
                                 Caller caller, Body<BookBody> body) {
  Headers headers;
  headers.add("X-Seen", request.id + " by " + caller.email);
  co_return Created{BookView{body.value.title, shelf.value.value}, std::move(headers)};
}
Task<Page<BookView>> list_books(Shelves& shelves, Path<std::string> shelf, Query<Filter> query) {
  shelves.seen = shelf.value + "/" + query.value.author.value_or("-") +
                 (query.value.order == Order::newest ? "/newest" : "/oldest") +
                 (query.value.lent.value_or(false) ? "/lent" : "");
  co_return Page<BookView>{{{"a book", 1}}, "after-it"};
}
Task<NoContent> burn_book(Shelves& shelves, Path<std::string> shelf, Path<int> book) {
  shelves.seen = fmt::format("{} {}", shelf.value, book.value);
  co_return NoContent{};
}

constexpr Permission write{"books.write", Role::viewer, Scope::installation};

struct TextBody final : BodyReader {
  std::string text;
  bool read_already = false;
  explicit TextBody(std::string t) : text(std::move(t)) {}
  Task<std::string_view> read() override {
    co_return std::exchange(read_already, true) ? std::string_view{} : std::string_view(text);
  }
};

struct RouterTest : testing::Test {
  ManualLoop loop;
  Shelves shelves;
  Router router;

  RouterTest() {
    auto api = router.bind(shelves);
    api.post<add_book>("/api/v1/shelves/{shelf}/books", write, "Add a book");
    api.get<list_books>("/api/v1/shelves/{shelf}/books", permissions::open, "List the books");
    api.del<burn_book>("/api/v1/shelves/{shelf}/books/{book}", write, "Burn a book");
    router.raw("GET", "/git/{shelf}.git/{rest...}", permissions::open, {});
    router.raw("GET", "/git/{name}", permissions::open, {});
    router.raw("GET", "/git/about", permissions::open, {});
    router.raw("GET", "/{rest...}", permissions::open, {});
  }

  Task<Response> call(std::string method, std::string path, std::string query = {},
                      std::string body = {}) {
    auto match = router.match(method, path);
    TextBody reader(std::move(body));
    Request request{.method = method, .path = path, .query = std::move(query), .id = "r1"};
    request.principal.email = "ann@example.org";
    request.path_values = match.values;
    request.body = &reader;
    co_return co_await match.route->call(request);
  }
  std::string path_of(std::string_view path) {
    const auto match = router.match("GET", path);
    return match.route == nullptr ? "" : match.route->path;
  }
};

TASK_TEST_F(RouterTest, AHandlersSignatureSaysWhatItTakesAndYields) {
  auto made = co_await call("POST", "/api/v1/shelves/7/books", {}, R"({"title":"Emma"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body, R"({"title":"Emma","shelf":7})");
  EXPECT_EQ(made.headers.find("x-seen"), "r1 by ann@example.org");
  auto page = co_await call("GET", "/api/v1/shelves/top/books", "order=newest&author=J+%C3%89");
  EXPECT_EQ(shelves.seen, "top/J É/newest");
  EXPECT_EQ(page.body, R"({"items":[{"title":"a book","shelf":1}],"next":"after-it"})");
  auto gone = co_await call("DELETE", "/api/v1/shelves/top/books/12");
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(shelves.seen, "top 12");
}

TASK_TEST_F(RouterTest, InputThatDoesNotFitIsRefusedWithItsPlace) {
  auto id = co_await attempt(call("POST", "/api/v1/shelves/x7/books", {}, R"({"title":"Emma"})"));
  EXPECT_TRUE(!id && id.error().is(errors::bad_parameter));
  EXPECT_EQ(id.error().fields().at(0).pointer, "/path/shelf");
  auto missing = co_await attempt(call("GET", "/api/v1/shelves/7/books"));
  EXPECT_TRUE(!missing && missing.error().is(errors::bad_parameter));
  EXPECT_EQ(missing.error().fields().at(0).pointer, "/query/order");
  auto unknown = co_await attempt(
      call("POST", "/api/v1/shelves/7/books", {}, R"({"title":"Emma","titel":"Emma"})"));
  EXPECT_TRUE(!unknown && unknown.error().code().kind == ErrorKind::invalid);
  EXPECT_EQ(unknown.error().fields().at(0).pointer, "/titel");
}

TEST_F(RouterTest, TheMostExactPathWins) {
  EXPECT_EQ(path_of("/git/about"), "/git/about");
  EXPECT_EQ(path_of("/git/other"), "/git/{name}");
  EXPECT_EQ(path_of("/git/shop.git/info/refs"), "/git/{shelf}.git/{rest...}");
  EXPECT_EQ(path_of("/git/shop/info/refs"), "/{rest...}");
  EXPECT_EQ(path_of("/"), "/{rest...}");
  EXPECT_EQ(path_of("/api/v1/shelves//books"), "/{rest...}");
  auto values = router.match("GET", "/git/shop.git/info/refs").values;
  EXPECT_EQ(values["shelf"], "shop");
  EXPECT_EQ(values["rest"], "info/refs");
}

TEST_F(RouterTest, AnotherMethodOfAPathIsToldFromNoPath) {
  const auto match = router.match("PUT", "/api/v1/shelves/7/books");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_THAT(match.allowed, ElementsAre("GET", "HEAD", "POST"));
  EXPECT_EQ(router.match("HEAD", "/api/v1/shelves/7/books").route->method, "GET");
  EXPECT_EQ(router.nearest_path("/api/v1/shelfs/7/books"), "/api/v1/shelves/7/books");
  EXPECT_EQ(router.nearest_path("/quite/another"), std::nullopt);
}

TEST_F(RouterTest, TheSamePathTwiceEndsTheProcess) {
  EXPECT_DEATH(router.raw("GET", "/git/{another}", permissions::open, {}), "/git/");
}

TEST_F(RouterTest, TheDocumentDescribesEveryRoute) {
  const auto text = openapi(router, "1.2.3");
  const auto document = json::decode<json::Value>(text);
  ASSERT_TRUE(document.has_value()) << text;
  EXPECT_EQ((*document)["openapi"].as_string(), "3.1.0");
  const auto post = (*document)["paths"]["/api/v1/shelves/{shelf}/books"]["post"];
  EXPECT_EQ(post["operationId"].as_string(), "add_book");
  EXPECT_EQ(post["x-permission"].as_string(), "books.write");
  EXPECT_EQ(post["parameters"].items().at(0)["name"].as_string(), "shelf");
  const auto schema = post["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_EQ(schema["properties"]["title"]["type"].as_string(), "string");
  EXPECT_FALSE(post["responses"]["401"].is_null());
  EXPECT_FALSE(post["responses"]["201"]["content"].is_null());
  EXPECT_THAT(text, testing::Not(HasSubstr("/git/")));
}

TEST_F(RouterTest, AnErrorBecomesAProblemDocument) {
  const Request request{.method = "GET", .path = "/api/v1/x", .id = "r9"};
  const Error limited({"books.busy", ErrorKind::rate_limited, "Too busy"}, "try later",
                      {{"/title", "is taken"}}, "the cause");
  const auto response = problem(limited.retry_in(std::chrono::seconds(17)), request);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.find("retry-after"), "17");
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/problems/books/busy","title":"Too busy","status":429,)"
            R"("detail":"try later","instance":"/api/v1/x","code":"books.busy",)"
            R"("request_id":"r9","errors":[{"pointer":"/title","detail":"is taken"}]})");
}

TEST_F(RouterTest, WhatFailedInsideStaysOutOfTheAnswer) {
  const Request request{.path = "/", .id = "r9"};
  const auto response = problem(Error(temps::errors::internal, "password is hunter2"), request);
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(response.body, HasSubstr("r9"));
}

}  // namespace
}  // namespace temps::http
