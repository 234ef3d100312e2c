#include "system/engine.hpp"

#include <cstdlib>

#include "core/text.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace temps::e2e {

namespace {

struct Named {
  std::string Id;
};

std::string ask(net::Loop& loop, const std::string& socket, std::string method,
                std::string target) {
  http::Client client(loop, net::Address{.host = {}, .path = socket});
  auto response = loop.run(client.send(
      {.method = std::move(method), .target = std::move(target), .host = "engine"}, 60s));
  if (!response || response->status >= 300) return {};
  return response->body.empty() ? "ok" : std::move(response->body);
}

// Of containers, images or networks with the label of an installation.
std::vector<std::string> labelled(net::Loop& loop, std::string_view kind,
                                  std::string_view installation) {
  const auto filters = fmt::format(R"({{"label":["temps.installation={}"]}})", installation);
  const auto text =
      ask(loop, engine_socket(), "GET",
          fmt::format("/{}/json?all=true&filters={}", kind, percent_encoded(filters)));
  const auto plain = ask(loop, engine_socket(), "GET",
                         fmt::format("/{}?filters={}", kind, percent_encoded(filters)));
  std::vector<std::string> ids;
  auto list = json::decode<std::vector<Named>>(kind == "networks" ? plain : text);
  if (!list) return ids;
  for (auto& item : *list) ids.push_back(std::move(item.Id));
  return ids;
}

}  // namespace

std::string engine_socket() {
  const char* named = std::getenv("TEMPS_DOCKER_SOCKET");
  return named ? named : "/var/run/docker.sock";
}

bool engine_answers(net::Loop& loop, const std::string& socket) {
  return !ask(loop, socket, "GET", "/_ping").empty();
}

bool has_image(net::Loop& loop, const std::string& name) {
  return !ask(loop, engine_socket(), "GET", fmt::format("/images/{}/json", name)).empty();
}

void clear_engine(net::Loop& loop, std::string_view installation) {
  const auto socket = engine_socket();
  for (const auto& id : labelled(loop, "containers", installation)) {
    ask(loop, socket, "DELETE", fmt::format("/containers/{}?force=true&v=true", id));
  }
  for (const auto& id : labelled(loop, "images", installation)) {
    ask(loop, socket, "DELETE", fmt::format("/images/{}?force=true", id));
  }
  for (const auto& id : labelled(loop, "networks", installation)) {
    ask(loop, socket, "DELETE", fmt::format("/networks/{}", id));
  }
}

void kill_containers(net::Loop& loop, std::string_view installation) {
  for (const auto& id : labelled(loop, "containers", installation)) {
    ask(loop, engine_socket(), "POST", fmt::format("/containers/{}/kill", id));
  }
}

}  // namespace temps::e2e
