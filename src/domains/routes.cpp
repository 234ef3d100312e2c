#include "domains/routes.hpp"

#include <algorithm>

#include "domains/errors.hpp"
#include "domains/permissions.hpp"
#include "http/errors.hpp"

namespace temps::domains {
namespace {

using projects::Project;

// The JSON shapes of this API. A field name is the wire name.
struct DnsView {
  Dns state;
  std::string detail;
  std::vector<std::string> seen;     // addresses
  std::vector<std::string> records;  // that it should have; empty where that is not known
  std::optional<Instant> checked_at;
};
struct CertificateView {
  std::int64_t id;
  std::string source;
  Instant expires_at;
  std::int64_t days_left;
  bool expires_soon;
};
struct OrderView {
  // off, waiting, waiting_for_dns, waiting_for_record, ordering, checking, issued, failed
  std::string state;
  std::string detail;
  std::optional<Instant> next_try_at;
};
struct DomainView {
  std::string name;
  std::string environment;
  Role role;
  std::optional<std::string> redirect_to;
  std::optional<std::int32_t> redirect_status;
  std::optional<bool> keep_path;
  bool https_only;  // takes effect once there is a certificate
  DnsView dns;
  std::optional<CertificateView> certificate;
  std::optional<OrderView> certificate_order;  // where Temps is to get the certificate by itself
  std::optional<bool> in_force;                // after a change: does the proxy know of it already
  Instant created_at;
};
struct NewDomainBody {
  std::string name;
  std::optional<std::string> environment;  // production where none is given
  std::optional<std::string> redirect_to;  // https://example.com; the domain serves without one
  std::optional<std::int32_t> redirect_status;
  std::optional<bool> keep_path;
  std::optional<bool> https_only;
};
struct DomainChangeBody {
  std::optional<std::string> environment;
  std::optional<std::string> redirect_to;  // "" makes it serve
  std::optional<std::int32_t> redirect_status;
  std::optional<bool> keep_path;
  std::optional<bool> https_only;
};

std::string environment_name(const std::vector<projects::Environment>& all,
                             projects::EnvironmentId id) {
  const auto found = std::ranges::find(all, id, &projects::Environment::id);
  return found == all.end() ? std::string{} : found->name;
}

DomainView view(Domains& domains, const Domain& domain,
                const std::optional<CertificateState>& certificate) {
  DomainView shown{.name = domain.name,
                   .environment = {},
                   .role = domain.role,
                   .redirect_to = {},
                   .redirect_status = {},
                   .keep_path = {},
                   .https_only = domain.https_only,
                   .dns = {.state = domain.dns,
                           .detail = domain.dns_detail,
                           .seen = domain.dns_seen,
                           .records = domains.wanted_records(domain),
                           .checked_at = domain.checked_at},
                   .certificate = {},
                   .certificate_order = {},
                   .in_force = {},
                   .created_at = domain.created_at};
  if (domain.role == Role::redirect) {
    shown.redirect_to = domain.redirect_to;
    shown.redirect_status = domain.redirect_status;
    shown.keep_path = domain.keep_path;
  }
  if (certificate) {
    shown.certificate =
        CertificateView{certificate->id, certificate->source, certificate->expires_at,
                        certificate->days_left, certificate->expires_soon};
  }
  return shown;
}

Task<std::vector<DomainView>> views(Domains& domains, Project project, std::vector<Domain> found) {
  std::vector<std::string> names;
  for (const auto& domain : found) names.push_back(domain.name);
  const auto certificates = co_await domains.certificates(std::move(names));
  const auto orders = co_await domains.orders(found);
  const auto environments = co_await domains.projects().environments(project.id);
  std::vector<DomainView> shown;
  for (std::size_t i = 0; i < found.size(); ++i) {
    shown.push_back(view(domains, found[i], certificates.at(i)));
    shown.back().environment = environment_name(environments, found[i].environment);
    if (const auto& order = orders.at(i)) {
      shown.back().certificate_order = OrderView{order->state, order->detail, order->next_try_at};
    }
  }
  co_return shown;
}

Task<DomainView> view_of(Domains& domains, Project project, Domain domain) {
  auto shown = co_await views(domains, std::move(project), {std::move(domain)});
  co_return std::move(shown.front());
}

Task<DomainView> view_of(Domains& domains, Project project, Domains::Published published) {
  auto shown = co_await view_of(domains, std::move(project), std::move(published.domain));
  shown.in_force = published.reach == gateway::Reach::in_force;
  co_return shown;
}

// The domain, as far as the caller may have to do with its environment.
Task<Domain> get_for(Domains& domains, http::Caller caller, Permission permission, Project project,
                     std::string name) {
  auto found = co_await domains.get(project.id, name);
  const auto environments = co_await domains.projects().environments(project.id);
  const auto environment = environment_name(environments, found.environment);
  if (!caller.may(permission, {project.name, environment})) {
    co_await fail(errors::no_such_domain, "the environment has no domain {}", name);
  }
  co_return std::move(found);
}

Result<> check_environment(const http::Principal& caller, const Project& project,
                           const std::string& environment) {
  if (caller.may(permissions::write, {project.name, environment})) return {};
  return fail(http::errors::forbidden, "what you use is not for the environment {}",
              environment.substr(0, 64));
}

Task<http::Page<DomainView>> list_domains(Domains& domains, http::Caller caller,
                                          http::Path<std::string> name,
                                          http::Query<http::PageQuery> query) {
  auto project = co_await domains.projects().get(name.value);
  const auto size = query.value.size();
  auto found = co_await domains.list(project.id, query.value.cursor.value_or(""), size);
  http::Page<DomainView> page;
  if (found.size() == size) page.next = found.back().name;
  page.items = co_await views(domains, project, std::move(found));
  std::erase_if(page.items, [&](const DomainView& domain) {
    return !caller.may(permissions::read, {project.name, domain.environment});
  });
  co_return page;
}

Task<http::Created<DomainView>> add_domain(Domains& domains, http::Caller caller,
                                           http::Path<std::string> name,
                                           http::Body<NewDomainBody> body) {
  auto project = co_await domains.projects().get(name.value);
  auto& wanted = body.value;
  co_await check_environment(caller, project, wanted.environment.value_or("production"));
  auto added =
      co_await domains.add(project, {.name = wanted.name,
                                     .environment = wanted.environment.value_or("production"),
                                     .redirect_to = wanted.redirect_to.value_or(""),
                                     .redirect_status = wanted.redirect_status.value_or(308),
                                     .keep_path = wanted.keep_path.value_or(true),
                                     .https_only = wanted.https_only.value_or(true)});
  co_return http::Created<DomainView>{co_await view_of(domains, project, std::move(added))};
}

Task<http::Ok<DomainView>> get_domain(Domains& domains, http::Caller caller,
                                      http::Path<std::string> name,
                                      http::Path<std::string> domain) {
  auto project = co_await domains.projects().get(name.value);
  auto found = co_await get_for(domains, caller, permissions::read, project, domain.value);
  co_return http::Ok<DomainView>{co_await view_of(domains, project, std::move(found))};
}

Task<http::Ok<DomainView>> change_domain(Domains& domains, http::Caller caller,
                                         http::Path<std::string> name,
                                         http::Path<std::string> domain,
                                         http::Body<DomainChangeBody> body) {
  auto project = co_await domains.projects().get(name.value);
  auto& wanted = body.value;
  co_await get_for(domains, caller, permissions::write, project, domain.value);
  if (wanted.environment) co_await check_environment(caller, project, *wanted.environment);
  auto changed = co_await domains.change(project, domain.value,
                                         {.environment = wanted.environment,
                                          .redirect_to = wanted.redirect_to,
                                          .redirect_status = wanted.redirect_status,
                                          .keep_path = wanted.keep_path,
                                          .https_only = wanted.https_only});
  co_return http::Ok<DomainView>{co_await view_of(domains, project, std::move(changed))};
}

Task<http::NoContent> remove_domain(Domains& domains, http::Caller caller,
                                    http::Path<std::string> name, http::Path<std::string> domain) {
  auto project = co_await domains.projects().get(name.value);
  co_await get_for(domains, caller, permissions::write, project, domain.value);
  co_await domains.remove(project.id, domain.value);
  co_return http::NoContent{};
}

Task<http::Ok<DomainView>> check_domain(Domains& domains, http::Caller caller,
                                        http::Path<std::string> name,
                                        http::Path<std::string> domain) {
  auto project = co_await domains.projects().get(name.value);
  co_await get_for(domains, caller, permissions::write, project, domain.value);
  auto found = co_await domains.check(project.id, domain.value);
  co_return http::Ok<DomainView>{co_await view_of(domains, project, std::move(found))};
}

}  // namespace

void add_routes(http::Router& router, Domains& domains) {
  auto routes = router.bind(domains);
  namespace may = permissions;
  const std::string all = "/api/v1/projects/{project}/domains";
  const std::string one = all + "/{domain}";
  routes.get<list_domains>(all, may::read, "List a project's domains");
  routes.post<add_domain>(all, may::write, "Add a domain");
  routes.get<get_domain>(one, may::read, "Show a domain");
  routes.patch<change_domain>(one, may::write, "Change a domain");
  routes.del<remove_domain>(one, may::write, "Remove a domain");
  routes.post<check_domain>(one + "/check", may::write, "Look up a domain's DNS records now");
}

}  // namespace temps::domains
