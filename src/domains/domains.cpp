#include "domains/domains.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "domains/errors.hpp"
#include "domains/name.hpp"
#include "domains/queries.hpp"

namespace temps::domains {

namespace {

struct Wish {
  Role role = Role::serve;
  std::string redirect_to{};
};

Result<Wish> wish(std::string_view redirect_to, int status, std::string_view name) {
  if (redirect_to.empty()) return Wish{};
  auto target = usable_target(redirect_to, name);
  if (!target) return fail(target.error());
  if (auto checked = check_status(status); !checked) return fail(checked.error());
  return Wish{Role::redirect, std::move(*target)};
}

}  // namespace

Task<projects::Environment> Domains::environment(projects::ProjectId project, std::string name) {
  std::vector<std::string> names;
  for (auto& environment : co_await projects_.environments(project)) {
    if (environment.name == name) co_return std::move(environment);
    names.push_back(environment.name);
  }
  co_await fail(errors::no_such_environment, "there is no environment \"{}\"; there is: {}", name,
                join(names, ", "));
  co_return projects::Environment{};
}

// Says whose the name is, so that the user knows where to remove it.
Task<> Domains::refuse_taken(projects::ProjectId project, std::string name) {
  const auto owner = co_await database_.maybe(queries::project_of, name);
  if (owner && *owner == project) {
    co_await fail(errors::name_taken, "the project has the domain {} already", name);
  }
  const auto other = owner ? (co_await projects_.get(*owner)).name : std::string("another one");
  co_await fail(errors::name_taken,
                "{0} belongs to the project {1}; remove it there first: temps domain remove {0} "
                "--project {1}",
                name, other);
}

Task<gateway::Reach> Domains::publish() {
  if (!publish_) co_return gateway::Reach::proxy_away;
  co_return co_await publish_();
}

Task<Domains::Published> Domains::add(projects::Project project, NewDomain wanted) {
  const auto name = co_await usable_name(wanted.name, options_.base_domain);
  co_await refuse_console(name, options_.console);
  const auto wished = co_await wish(wanted.redirect_to, wanted.redirect_status, name);
  const auto target = co_await environment(project.id, wanted.environment);
  auto made = co_await database_.maybe(queries::insert_domain, name, target.id, wished.role,
                                       wished.redirect_to, wanted.redirect_status, wanted.keep_path,
                                       wanted.https_only, clock_.now());
  if (!made) co_await refuse_taken(project.id, name);
  auto reach = co_await attempt(publish());
  if (!reach) {
    co_await shielded(take_back(made->id));
    co_await fail(reach.error());
  }
  auto seen = co_await look_up(std::move(*made));
  co_await tell_watcher(seen);
  co_return Published{std::move(seen), *reach};
}

// The domain is there whatever becomes of its certificate.
Task<> Domains::tell_watcher(Domain domain) {
  if (!watcher_) co_return;
  const auto name = domain.name;
  auto told = co_await attempt(watcher_(std::move(domain)));
  if (told) co_return;
  log::warning("a domain's certificate is looked after later",
               {{"domain", name}, {"detail", told.error().detail()}});
}

Task<> Domains::take_back(DomainId added) {
  co_await database_.run(queries::delete_domain, added);
  co_await attempt(publish());
}

Task<Domain> Domains::get(projects::ProjectId project, std::string name) {
  auto found = co_await database_.maybe(queries::by_name, project, lowered(name));
  if (!found) {
    co_await fail(errors::no_such_domain,
                  "the project has no domain {}; those that it has: temps domain list", name);
  }
  co_return std::move(*found);
}

Task<std::vector<Domain>> Domains::list(projects::ProjectId project, std::string after,
                                        std::int64_t limit) {
  co_return co_await database_.all(queries::domains_after, project, std::move(after), limit);
}

Task<Domains::Published> Domains::change(projects::Project project, std::string name,
                                         Change wanted) {
  const auto former = co_await get(project.id, std::move(name));
  auto next = former;
  if (wanted.environment) {
    next.environment = (co_await environment(project.id, *wanted.environment)).id;
  }
  next.redirect_status = wanted.redirect_status.value_or(former.redirect_status);
  next.keep_path = wanted.keep_path.value_or(former.keep_path);
  next.https_only = wanted.https_only.value_or(former.https_only);
  const auto wished = co_await wish(wanted.redirect_to.value_or(former.redirect_to),
                                    next.redirect_status, former.name);
  next.role = wished.role;
  next.redirect_to = wished.redirect_to;
  auto changed = co_await store(next);
  auto reach = co_await attempt(publish());
  if (!reach) {
    co_await shielded(put_back(former));
    co_await fail(reach.error());
  }
  co_return Published{std::move(changed), *reach};
}

Task<Domain> Domains::store(Domain domain) {
  co_return co_await database_.one(queries::change_domain, domain.id, domain.environment,
                                   domain.role, domain.redirect_to, domain.redirect_status,
                                   domain.keep_path, domain.https_only);
}

Task<> Domains::put_back(Domain former) {
  co_await store(std::move(former));
  co_await attempt(publish());
}

Task<gateway::Reach> Domains::remove(projects::ProjectId project, std::string name) {
  const auto domain = co_await get(project, std::move(name));
  co_await database_.run(queries::delete_domain, domain.id);
  co_return co_await publish();
}

Task<Domain> Domains::check(projects::ProjectId project, std::string name) {
  auto seen = co_await look_up(co_await get(project, std::move(name)));
  co_await tell_watcher(seen);
  co_return seen;
}

Task<std::vector<std::string>> Domains::texts(std::string name) {
  co_return co_await resolver_.texts(std::move(name));
}

Task<std::optional<Domain>> Domains::find(DomainId id) {
  co_return co_await database_.maybe(queries::by_id, id);
}

Task<Verdict> Domains::verdict(std::string host, std::string record) {
  const auto answer = co_await resolver_.addresses(std::move(host));
  co_return judge(record, answer, options_.public_addresses);
}

// A domain that was removed while its name was looked up stays as it was seen last.
Task<Domain> Domains::look_up(Domain domain) {
  const auto answer = co_await resolver_.addresses(name_to_ask(domain.name));
  auto verdict = judge(domain.name, answer, options_.public_addresses);
  auto kept = co_await database_.maybe(queries::set_dns, domain.id, verdict.state, verdict.seen,
                                       verdict.detail, clock_.now());
  co_return kept ? std::move(*kept) : std::move(domain);
}

Task<std::vector<Domain>> Domains::all() { co_return co_await database_.all(queries::all_domains); }

std::vector<std::string> Domains::wanted_records(const Domain& domain) const {
  return domains::wanted_records(domain.name, options_.public_addresses);
}

Task<std::vector<std::optional<CertificateState>>> Domains::certificates(
    std::vector<std::string> names) {
  if (!certificates_) co_return std::vector<std::optional<CertificateState>>(names.size());
  co_return co_await certificates_(std::move(names));
}

Task<std::vector<std::optional<CertificateOrder>>> Domains::orders(std::vector<Domain> domains) {
  if (!orders_) co_return std::vector<std::optional<CertificateOrder>>(domains.size());
  co_return co_await orders_(std::move(domains));
}

}  // namespace temps::domains
