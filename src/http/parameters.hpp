// What handlers take and yield, and how a handler becomes a route. Usage in router.hpp.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/id.hpp"
#include "core/permission.hpp"
#include "core/reflect.hpp"
#include "core/task.hpp"
#include "core/text.hpp"
#include "http/errors.hpp"
#include "http/message.hpp"
#include "http/route.hpp"
#include "json/json.hpp"

namespace temps::http {

// The next {part} of the path. T: std::string, an integer, Id<Tag>, or a type with
// `static Result<T> parse(std::string_view)`.
template <class T>
struct Path {
  T value;
};
// The query as an aggregate. Its fields: what Path takes, bool, enums, and std::optional of those,
// which may be absent. Parameters without a field are ignored.
template <class T>
struct Query {
  T value;
};
// The JSON body; unknown fields are refused.
template <class T>
struct Body {
  T value;
};
// Who calls: `caller.user`, `caller.role`.
struct Caller : Principal {};

// Results. `headers` are added to the answer's own.
template <class T>
struct Ok {
  T value;
  Headers headers{};
};
template <class T>
struct Created {
  T value;
  Headers headers{};
};
// Of a status that is known only when the handler has run; the route's `success` says the usual
// one.
template <class T>
struct WithStatus {
  int status;
  T value;
  Headers headers{};
};
template <class T>
struct Accepted {
  T value;
  Headers headers{};
};
struct NoContent {
  Headers headers{};
};
// {"items": [...], "next": "…"}; `next` goes into ?cursor= of the next request, absent at the end.
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next{};
};

// The query of every listing: `http::Query<http::PageQuery>`.
struct PageQuery {
  std::optional<std::string> cursor;
  std::optional<std::uint32_t> limit;
  // 1 to 200; 50 where none is given.
  [[nodiscard]] std::uint32_t size() const;
  // What to ask for: one more than is shown, which tells whether there is a next page.
  [[nodiscard]] std::int64_t wanted() const { return std::int64_t{size()} + 1; }
  // A cursor that is a number; `first` where none is given. Fails with `http.bad_parameter`.
  [[nodiscard]] Result<std::int64_t> number(std::int64_t first) const;
};

// Cuts off the row beyond the page; the cursor is that of the last row shown.
template <class Row, class CursorOf>
std::optional<std::string> next_cursor(std::vector<Row>& rows, const PageQuery& query,
                                       CursorOf cursor_of) {
  if (rows.size() <= query.size()) return std::nullopt;
  rows.erase(rows.begin() + query.size(), rows.end());
  return fmt::format("{}", cursor_of(rows.back()));
}

// A JSON answer of any status.
Response json_response(int status, std::string body);
// The whole body. Fails with `http.body_too_large` and what BodyReader::read fails with.
Task<std::string> read_body(Request& request, std::size_t bytes_max);
// The same for JSON; fails with `http.unsupported_media` when the content type says otherwise, and
// `http.too_slow` when it takes longer than `json_time_max`.
Task<std::string> read_json_body(Request& request);

namespace detail {

template <auto F>
consteval std::string_view function_name() {
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(text.find("F = ") + 4);
  text = text.substr(0, text.rfind(']'));
  const auto colon = text.rfind(':');
  if (colon != std::string_view::npos) return text.substr(colon + 1);
  return text.starts_with('&') ? text.substr(1) : text;
}

template <class T>
concept Parses = requires(std::string_view text) {
  { T::parse(text) } -> std::same_as<Result<T>>;
};
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// Where a value stands, for the pointer of a FieldError: "/path/project", "/query/limit".
Error bad_value(std::string_view where, std::string_view name, std::string detail);

// A value of the path or the query; the error of a failure says what was expected.
template <class T>
Result<T> parse_text(std::string_view text) {
  if constexpr (std::is_same_v<T, std::string>) {
    return std::string(text);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (text == "true" || text == "1" || text.empty()) return true;
    if (text == "false" || text == "0") return false;
    return fail(errors::bad_parameter, "must be true or false");
  } else if constexpr (std::is_enum_v<T>) {
    if (auto value = reflect::enum_value<T>(text)) return *value;
    return fail(errors::bad_parameter, "is none of the known values");
  } else if constexpr (is_id<T>) {
    auto number = parse_text<std::int64_t>(text);
    if (!number) return std::unexpected(number.error());
    return T{*number};
  } else if constexpr (Parses<T>) {
    return T::parse(text);
  } else {
    static_assert(std::is_integral_v<T>, "Path and Query take text, numbers, ids and enums");
    if (auto number = parse_number<T>(text)) return *number;
    return fail(errors::bad_parameter, "must be a whole number");
  }
}

template <class T>
std::string text_schema() {
  if constexpr (is_optional<T>) {
    return text_schema<typename T::value_type>();
  } else if constexpr (Parses<T>) {
    return R"({"type":"string"})";
  } else {
    return json::schema<T>();
  }
}

// One call: what its arguments are taken from.
struct Incoming {
  Request& request;
  const std::vector<std::string>& path_names;
  std::string body;
  std::size_t next_path = 0;
};

template <class A>
struct Argument;  // "a parameter of a handler is Path, Query, Body, Caller or a request"

template <class T>
struct Argument<Path<T>> {
  static Result<Path<T>> take(Incoming& in) {
    const auto& name = in.path_names.at(in.next_path++);
    auto value = parse_text<T>(in.request.path_values[name]);
    if (!value)
      return std::unexpected(bad_value("path", name, std::string(value.error().detail())));
    return Path<T>{std::move(*value)};
  }
  static void describe(Route& route, const std::vector<std::string>& names, std::size_t& next) {
    route.parameters.push_back({names.at(next++), "path", true, text_schema<T>()});
  }
};

template <class T>
struct Argument<Query<T>> {
  static Result<Query<T>> take(Incoming& in) {
    Query<T> query{};
    std::optional<Error> wrong;
    reflect::for_each_field(query.value, [&](std::string_view name, auto& field) {
      if (auto error = take_field(in, name, field); error && !wrong) wrong = std::move(error);
    });
    if (wrong) return std::unexpected(*wrong);
    return query;
  }
  static void describe(Route& route, const std::vector<std::string>&, std::size_t&) {
    T value{};
    reflect::for_each_field(value, [&route](std::string_view name, auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      route.parameters.push_back(
          {std::string(name), "query", !is_optional<Field>, text_schema<Field>()});
    });
  }

 private:
  template <class Field>
  static std::optional<Error> take_field(Incoming& in, std::string_view name, Field& field) {
    auto text = in.request.query_value(name);
    if constexpr (is_optional<Field>) {
      if (!text) return std::nullopt;
      typename Field::value_type value{};
      auto error = assign(name, *text, value);
      if (!error) field = std::move(value);
      return error;
    } else {
      if (!text) return bad_value("query", name, "is required");
      return assign(name, *text, field);
    }
  }
  template <class Field>
  static std::optional<Error> assign(std::string_view name, std::string_view text, Field& field) {
    auto value = parse_text<Field>(text);
    if (!value) return bad_value("query", name, std::string(value.error().detail()));
    field = std::move(*value);
    return std::nullopt;
  }
};

template <class T>
struct Argument<Body<T>> {
  static Result<Body<T>> take(Incoming& in) {
    auto value = json::decode<T>(
        in.body, {.size_bytes_max = in.request.body_bytes_max, .unknown = json::Unknown::refuse});
    if (!value) return std::unexpected(value.error());
    return Body<T>{std::move(*value)};
  }
  static void describe(Route& route, const std::vector<std::string>&, std::size_t&) {
    route.body_schema = json::schema<T>(json::Direction::input);
  }
};

template <>
struct Argument<Caller> {
  static Result<Caller> take(Incoming& in) { return Caller{in.request.principal}; }
  static void describe(Route&, const std::vector<std::string>&, std::size_t&) {}
};

template <class R>
  requires std::same_as<std::remove_const_t<R>, Request>
struct Argument<R&> {
  static Result<std::reference_wrapper<R>> take(Incoming& in) { return std::ref<R>(in.request); }
  static void describe(Route&, const std::vector<std::string>&, std::size_t&) {}
};

template <class A>
inline constexpr bool is_body = false;
template <class T>
inline constexpr bool is_body<Body<T>> = true;

// What a handler's result says about the route, and how it becomes a response.
template <class R>
struct Outcome;  // "a handler yields Ok, Created, Accepted, NoContent, Page or Response"

Response with_headers(Response response, const Headers& headers);

template <class R, class T, int code>
struct JsonOutcome {
  static constexpr int success = code;
  static std::string schema() { return json::schema<T>(json::Direction::output); }
  static Response respond(R result) {
    return with_headers(json_response(code, json::encode(result.value)), result.headers);
  }
};
template <class T>
struct Outcome<Ok<T>> : JsonOutcome<Ok<T>, T, 200> {};
template <class T>
struct Outcome<Created<T>> : JsonOutcome<Created<T>, T, 201> {};
template <class T>
struct Outcome<Accepted<T>> : JsonOutcome<Accepted<T>, T, 202> {};
template <class T>
struct Outcome<WithStatus<T>> {
  static constexpr int success = 200;
  static std::string schema() { return json::schema<T>(json::Direction::output); }
  static Response respond(WithStatus<T> result) {
    return with_headers(json_response(result.status, json::encode(result.value)), result.headers);
  }
};
template <>
struct Outcome<NoContent> {
  static constexpr int success = 204;
  static std::string schema() { return {}; }
  static Response respond(const NoContent& result) {
    return with_headers(Response{.status = 204}, result.headers);
  }
};
template <class T>
struct Outcome<Page<T>> {
  static constexpr int success = 200;
  static std::string schema() { return json::schema<Page<T>>(json::Direction::output); }
  static Response respond(const Page<T>& page) { return json_response(200, json::encode(page)); }
};
template <>
struct Outcome<Response> {
  static constexpr int success = 200;
  static std::string schema() { return {}; }
  static Response respond(Response response) { return response; }
};

template <auto handler, class S, class R, class... Args>
Task<Response> invoke(S& service, Request& request, const std::vector<std::string>& path_names) {
  Incoming in{request, path_names, {}};
  if constexpr ((is_body<Args> || ...)) in.body = co_await read_json_body(request);
  // Braces: taken from left to right.
  std::tuple taken{Argument<Args>::take(in)...};
  std::optional<Error> wrong;
  std::apply([&wrong](auto&... one) { ((one || wrong ? void() : void(wrong = one.error())), ...); },
             taken);
  if (wrong) co_await fail(*wrong);
  auto call = std::apply(
      [&service](auto&... one) { return handler(service, std::forward<Args>(*one)...); }, taken);
  co_return Outcome<R>::respond(co_await std::move(call));
}

// "/a/{b}/c/{d}" has the names b and d.
std::vector<std::string> names_of(std::string_view path);

template <auto handler, class S, class R, class... Args>
void fill(Route& route, S& service, Task<R> (*)(S&, Args...)) {
  auto names = names_of(route.path);
  std::size_t next = 0;
  (Argument<Args>::describe(route, names, next), ...);
  route.response_schema = Outcome<R>::schema();
  route.success = Outcome<R>::success;
  route.call = [&service, names = std::move(names)](Request& request) {
    return invoke<handler, S, R, Args...>(service, request, names);
  };
}

}  // namespace detail

struct RouteLine {
  std::string method;
  std::string path;
  Permission permission;
  std::string summary;
};

// `handler` is a function Task<R>(S&, Args...).
template <auto handler, class S>
Route make_route(S& service, RouteLine line) {
  Route route{.method = std::move(line.method),
              .path = std::move(line.path),
              .permission = line.permission,
              .summary = std::move(line.summary),
              .operation = std::string(detail::function_name<handler>())};
  detail::fill<handler>(route, service, handler);
  return route;
}

}  // namespace temps::http
