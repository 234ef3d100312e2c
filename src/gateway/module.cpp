#include "gateway/module.hpp"

#include "gateway/gateway.hpp"
#include "gateway/permissions.hpp"
#include "gateway/view.hpp"
#include "http/router.hpp"

namespace temps::gateway {

namespace {

Task<http::Ok<ProxyView>> show_proxy(Gateway& gateway) {
  co_return http::Ok{view(co_await gateway.report())};
}

}  // namespace

const Module module{
    .name = "gateway",
    .provide = [](Registry& registry) { registry.provide<Gateway>(from<net::Loop, Options>); },
    .start =
        [](Services& services) {
          auto routes = services.get<http::Router>().bind(services.get<Gateway>());
          routes.get<show_proxy>("/api/v1/proxy", permissions::read,
                                 "Show what the proxy does: connections, answers, upstreams, "
                                 "certificates");
        },
};

}  // namespace temps::gateway
