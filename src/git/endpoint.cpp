// Smart HTTP: one request is one run of `git http-backend` (a CGI program, RFC 3875).
#include <array>

#include "core/log.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "git/errors.hpp"
#include "git/git.hpp"
#include "http/errors.hpp"
#include "process/process.hpp"
#include "projects/errors.hpp"

namespace temps::git {

namespace {

constexpr std::size_t cgi_head_bytes_max = 16U << 10U;

http::Response ask_for_credentials() {
  http::Response response{.status = 401};
  response.headers.set("WWW-Authenticate", "Basic realm=\"Temps\", charset=\"UTF-8\"");
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = "Log in with `temps login`, or give an API key as the password.\n";
  return response;
}

// What http-backend says before the body.
struct CgiHead {
  int status = 200;
  http::Headers headers;
  std::string rest;  // body bytes that came with it
};

Task<CgiHead> read_head(net::Descriptor& out) {
  std::string text;
  std::array<char, 8192> buffer{};
  for (;;) {
    const auto end = text.find("\r\n\r\n");
    if (end != std::string::npos) {
      CgiHead head{.rest = text.substr(end + 4)};
      for (const auto line : split(std::string_view(text).substr(0, end), '\n')) {
        const auto [name, value] = cut(line, ":");
        if (equal_ignoring_case(name, "Status")) {
          head.status = parse_number<int>(trimmed(value).substr(0, 3)).value_or(500);
        } else {
          head.headers.add(std::string(trimmed(name)), std::string(trimmed(value)));
        }
      }
      co_return head;
    }
    const auto got = co_await out.read_some(buffer);
    if (got == 0 || text.size() > cgi_head_bytes_max) {
      co_await fail(errors::failed, "git answered nothing that could be understood");
    }
    text.append(buffer.data(), got);
  }
}

// Git's framing: the length in four hexadecimal digits, itself included.
std::string packet(std::string_view text) { return fmt::format("{:04x}{}", text.size() + 4, text); }

// What git shows as "fatal: remote error: …" before a push has begun.
http::Response refuse_push(std::string_view why) {
  http::Response response;
  response.headers.set("Content-Type", "application/x-git-receive-pack-advertisement");
  response.headers.set("Cache-Control", "no-cache");
  response.body =
      packet("# service=git-receive-pack\n") + "0000" + packet(fmt::format("ERR {}", why));
  return response;
}

// The request's body into git, whose end is the end of git's input; yields its size.
Task<std::uint64_t> pump_in(http::BodyReader* body, process::Child& child) {
  std::uint64_t size = 0;
  for (;;) {
    const auto chunk = co_await body->read();
    if (chunk.empty()) break;
    size += chunk.size();
    // git may have refused early and closed its end: then its answer says why.
    if (!co_await attempt(child.in()->write_all(chunk))) break;
  }
  child.in()->close();
  co_return size;
}

Task<> pump_out(process::Child& child, http::BodyWriter& writer) {
  std::array<char, 32768> buffer{};
  for (;;) {
    const auto got = co_await child.out()->read_some(buffer);
    if (got == 0) co_return;
    co_await writer.write({buffer.data(), got});
  }
}

// The parts of a path that http-backend serves; nothing else of the repository is reachable.
bool is_service(std::string_view method, std::string_view rest) {
  if (method == "GET") return rest == "info/refs";
  return method == "POST" && (rest == "git-receive-pack" || rest == "git-upload-pack");
}

std::map<std::string, std::string> cgi_variables(const http::Request& request,
                                                 const std::string& repository,
                                                 std::string_view rest) {
  std::map<std::string, std::string> variables{
      {"REQUEST_METHOD", request.method},
      {"QUERY_STRING", request.query},
      {"PATH_TRANSLATED", fmt::format("{}/{}", repository, rest)},
      {"PATH_INFO", fmt::format("/{}", rest)},
      {"GIT_HTTP_EXPORT_ALL", "1"},
      {"GIT_HTTP_MAX_REQUEST_BUFFER", "100M"},
      {"REMOTE_USER", request.principal.email},
      {"REMOTE_ADDR", request.client_address}};
  const auto pass = [&](std::string_view header, const char* variable) {
    if (auto value = request.headers.find(header)) variables[variable] = std::string(*value);
  };
  pass("Content-Type", "CONTENT_TYPE");
  pass("Content-Encoding", "HTTP_CONTENT_ENCODING");
  pass("Content-Length", "CONTENT_LENGTH");
  pass("Git-Protocol", "GIT_PROTOCOL");
  return variables;
}

}  // namespace

Task<http::Response> Endpoint::serve(http::Request& request) {
  const auto& who = request.principal;
  if (who.role == Role::anonymous) co_return ask_for_credentials();
  const auto rest = request.path_values.at("rest");
  if (!is_service(request.method, rest)) {
    co_await fail(errors::bad_service,
                  "this is a git repository for clone, fetch and push; there is no \"{}\" in it",
                  rest);
  }
  const auto& name = request.path_values.at("project");
  if (!who.sees(name)) {
    co_await fail(projects::errors::no_such_project, "there is no project \"{}\"",
                  name.substr(0, 100));
  }
  const bool pushes = rest == "git-receive-pack" || request.query == "service=git-receive-pack";
  if (!who.may(pushes ? permissions::push : permissions::read, {name})) {
    const auto why = fmt::format("you may not {} {}", pushes ? "push to" : "fetch from", name);
    if (pushes && rest == "info/refs") co_return refuse_push(why);
    co_await fail(http::errors::forbidden, "{}", why);
  }
  auto project = co_await projects_.get(name);
  auto repository = co_await repositories_.open(project.name);
  if (rest == "info/refs" && request.query == "service=git-receive-pack") {
    auto room = co_await attempt(repositories_.check_room(repository));
    if (!room) co_return refuse_push(room.error().detail());
  }
  co_return co_await backend(request, {std::move(project), std::move(repository), who}, rest);
}

std::shared_ptr<const void> Endpoint::admit(std::string token, Running push) {
  running_.emplace(token, std::move(push));
  return {this, [this, token](const void*) { running_.erase(token); }};
}

Task<http::Response> Endpoint::backend(http::Request& request, Running push, std::string rest) {
  auto variables = repositories_.environment();
  for (auto& [name, value] : cgi_variables(request, push.repository.string(), rest)) {
    variables[name] = value;
  }
  // http-backend wants GIT_PROJECT_ROOT or PATH_TRANSLATED; the hook finds us by the other two.
  const auto token = random_token(24);
  variables[std::string(hook_socket_variable)] = options_.socket.string();
  variables[std::string(hook_token_variable)] = token;
  auto child = std::make_shared<process::Child>(
      co_await process::Child::start(loop_, {.command = {"git", "http-backend"},
                                             .environment = variables,
                                             .folder = push.repository.string(),
                                             .stdin_pipe = true,
                                             .err = process::Output::discard}));
  std::shared_ptr<const void> admitted;
  auto outcome = push.outcome;
  if (rest == "git-receive-pack") admitted = admit(token, std::move(push));
  // The whole request before the answer: git reads all of it first, and a client may not read while
  // it sends.
  const auto received = co_await pump_in(request.body, *child);
  auto head = co_await read_head(*child->out());
  // Beside git's own words, which do not know how to go on. Band 2 is for people.
  if (admitted && received > options_.push_bytes_max) {
    head.rest = packet(fmt::format("\x02the push is larger than {}; keep large files out of the "
                                   "repository, or raise the limit: push_size_max\n",
                                   human_bytes(options_.push_bytes_max))) +
                head.rest;
  }
  http::Response response{.status = head.status, .headers = head.headers};
  response.stream = [child, admitted, outcome, &request,
                     begin = std::move(head.rest)](http::BodyWriter& writer) -> Task<> {
    return [](std::shared_ptr<process::Child> git, std::string first,
              std::shared_ptr<std::string> told, http::Request& asked,
              http::BodyWriter& out) -> Task<> {
      if (!first.empty()) co_await attempt(out.write(first));
      co_await pump_out(*git, out);
      // A client that has gone does not stop the deployment, only the telling of it.
      co_await attempt(git->wait());
      asked.noted = *told;
    }(child, begin, outcome, request, writer);
  };
  co_return response;
}

void add_routes(http::Router& router, Endpoint& endpoint) {
  const auto serve = [&endpoint](http::Request& request) { return endpoint.serve(request); };
  router.declare(permissions::read);
  router.declare(permissions::push);
  // Open, because git needs a 401 of its own form; serve() checks.
  router.raw("GET", "/git/{project}.git/{rest...}", temps::permissions::open, serve);
  auto& pushes =
      router.raw("POST", "/git/{project}.git/{rest...}", temps::permissions::open, serve);
  pushes.operation = "git_push";
  pushes.summary = "Push to a project's repository";
  pushes.changes = [](const http::Request& request) {
    return request.path_values.at("rest") == "git-receive-pack";
  };
  // A part of a push, and recorded with it.
  router
      .raw("POST", "/internal/git/pre-receive", temps::permissions::open,
           [&endpoint](http::Request& request) { return endpoint.hook(request); })
      .changes = [](const http::Request&) { return false; };
}

}  // namespace temps::git
