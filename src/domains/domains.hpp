// Domains: names of the users' own under which an environment answers, or which redirect elsewhere.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/task.hpp"
#include "domains/verdict.hpp"
#include "gateway/gateway.hpp"
#include "net/dns.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"

namespace temps::domains {

using DomainId = Id<struct DomainTag>;

enum class Role : std::uint8_t {
  serve,    // shows what the environment shows
  redirect  // sends visitors elsewhere
};

struct Domain {
  DomainId id;
  std::string name;  // "shop.example.com", "*.shop.example.com"
  projects::EnvironmentId environment;
  Role role = Role::serve;
  std::string redirect_to;
  std::int32_t redirect_status = 308;
  bool keep_path = true;
  bool https_only = true;
  Instant created_at;
  Dns dns = Dns::unknown;
  std::vector<std::string> dns_seen;
  std::string dns_detail;
  std::optional<Instant> checked_at;
};

struct NewDomain {
  std::string name;
  std::string environment = "production";
  std::string redirect_to{};  // empty: it serves
  std::int32_t redirect_status = 308;
  bool keep_path = true;
  bool https_only = true;
};

// What is left out stays.
struct Change {
  std::optional<std::string> environment{};
  std::optional<std::string> redirect_to{};  // empty: it serves
  std::optional<std::int32_t> redirect_status{};
  std::optional<bool> keep_path{};
  std::optional<bool> https_only{};
};

struct Options {
  std::string base_domain = "localhost";        // whose names are the platform's
  std::string console = "localhost";            // the console's host, where it is not below that
  std::vector<std::string> public_addresses{};  // canonical; of this server
  std::string name_server{};                    // empty: those of this machine; see net::Resolver
};

// What is known of the certificate for a name; told by whoever keeps certificates.
struct CertificateState {
  std::int64_t id = 0;
  std::string source{};
  Instant expires_at{};
  std::int64_t days_left = 0;
  bool expires_soon = false;
};

// What becomes of the certificate that is ordered for a name; told by whoever orders it.
struct CertificateOrder {
  std::string state{};   // "waiting_for_dns", "failed"
  std::string detail{};  // a sentence: why, and what to do
  std::optional<Instant> next_try_at{};
};

// Owns the table `domains`.
class Domains {
 public:
  Domains(sql::Database& database, projects::Projects& projects, net::Loop& loop,
          const Options& options, const Clock& clock)
      : database_(database),
        projects_(projects),
        options_(options),
        clock_(clock),
        resolver_(loop, options.name_server) {}

  // A domain and whether the proxy knows of it already.
  struct Published {
    Domain domain;
    gateway::Reach reach = gateway::Reach::proxy_away;
  };

  // Puts the domain in force and looks it up. Fails with `bad_name`, `below_base`, `name_taken`,
  // `no_such_environment`, `bad_redirect`, and with what the proxy refuses: nothing is kept then.
  Task<Published> add(projects::Project project, NewDomain domain);
  Task<Domain> get(projects::ProjectId project, std::string name);  // Fails with `no_such_domain`.
  // In order of name, those behind `after`.
  Task<std::vector<Domain>> list(projects::ProjectId project, std::string after,
                                 std::int64_t limit);
  Task<Published> change(projects::Project project, std::string name, Change change);
  Task<gateway::Reach> remove(projects::ProjectId project, std::string name);
  // Looks it up now and keeps what was seen. Fails with `no_such_domain`.
  Task<Domain> check(projects::ProjectId project, std::string name);
  // The same, without telling who watches.
  Task<Domain> look_up(Domain domain);
  Task<std::optional<Domain>> find(DomainId id);
  // What DNS says about a host, in words about the record that is to lead it here: its own, or a
  // wildcard's.
  Task<Verdict> verdict(std::string host, std::string record);
  // What the same name servers say.
  Task<std::vector<std::string>> texts(std::string name);

  // Those of all projects, for the route table; in order of environment.
  Task<std::vector<Domain>> all();

  // The records that the domain should have; empty where the server's addresses are not known.
  [[nodiscard]] std::vector<std::string> wanted_records(const Domain& domain) const;

  // To be set in phase two: puts the route table in force after a change.
  void publish_with(std::function<Task<gateway::Reach>()> publish) {
    publish_ = std::move(publish);
  }
  // To be set in phase two: the certificate for each of the names, nothing where there is none.
  using Certificates = std::function<Task<std::vector<std::optional<CertificateState>>>(
      std::vector<std::string> names)>;
  void certificates_from(Certificates certificates) { certificates_ = std::move(certificates); }
  Task<std::vector<std::optional<CertificateState>>> certificates(std::vector<std::string> names);

  using Orders = std::function<Task<std::vector<std::optional<CertificateOrder>>>(
      std::vector<Domain> domains)>;
  void orders_from(Orders orders) { orders_ = std::move(orders); }
  Task<std::vector<std::optional<CertificateOrder>>> orders(std::vector<Domain> domains);
  // To be set in phase two: told of each domain that was added, or looked up for a user.
  void watch_with(std::function<Task<>(Domain)> watcher) { watcher_ = std::move(watcher); }

  [[nodiscard]] projects::Projects& projects() { return projects_; }

 private:
  Task<projects::Environment> environment(projects::ProjectId project, std::string name);
  Task<> refuse_taken(projects::ProjectId project, std::string name);
  Task<gateway::Reach> publish();
  Task<> tell_watcher(Domain domain);
  Task<Domain> store(Domain domain);
  // After a table that the proxy refused: the next one is as the last good one.
  Task<> take_back(DomainId added);
  Task<> put_back(Domain former);

  sql::Database& database_;
  projects::Projects& projects_;
  const Options& options_;
  const Clock& clock_;
  net::Resolver resolver_;
  std::function<Task<gateway::Reach>()> publish_;
  Certificates certificates_;
  Orders orders_;
  std::function<Task<>(Domain)> watcher_;
};

}  // namespace temps::domains
