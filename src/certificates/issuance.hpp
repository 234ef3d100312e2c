// Issuance: gets a certificate for each domain that needs one, and renews it, without being asked.
//
// The table says what each domain's certificate waits for and when it is looked at again; what is
// due becomes a job. So nothing is forgotten over restarts, and a clock that jumps does no harm.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acme/acme.hpp"
#include "certificates/accounts.hpp"
#include "certificates/certificates.hpp"
#include "certificates/challenges.hpp"
#include "certificates/orders.hpp"
#include "dns/dns.hpp"
#include "jobs/jobs.hpp"
#include "net/loop.hpp"

namespace temps::certificates {

// The kind of job; its key is the name's.
inline constexpr std::string_view obtain_job = "certificates.obtain";

struct ObtainPayload {
  std::string name;
};

// One of the platform's own names.
struct OwnName {
  enum class Purpose : std::uint8_t { console, apps, app };
  std::string name;
  Purpose purpose = Purpose::console;
  std::optional<domains::Verdict> dns{};  // where it was asked for
  std::optional<domains::CertificateState> certificate{};
  std::optional<domains::CertificateOrder> order{};
};

// How the platform's own names get their certificates.
struct OwnState {
  enum class Way : std::uint8_t {
    off,
    wildcard,  // one for all apps
    each       // one for each app
  };
  Way way = Way::off;
  std::string detail{};  // a sentence: why it is off, or what would be better
  std::vector<OwnName> names{};
  std::int64_t hosts_waiting = 0;  // apps whose turn comes later, as authorities count orders
};

// Is it an uploaded one that is good for now?
bool is_users_own(const std::optional<domains::CertificateState>& shown);

// Owns the tables `certificate_orders`, `certificate_starts` and `certificate_accounts`.
class Issuance {
 public:
  Issuance(net::Loop& loop, sql::Database& database, vault::Vault& vault, domains::Domains& domains,
           dns::Dns& dns, Certificates& certificates, gateway::Gateway& gateway, jobs::Queue& queue,
           const Options& options, const Clock& clock);

  // Phase two: the handler of `obtain_job`.
  void start();
  // At the start of the process: no former proof is shown any more.
  Task<> prepare();
  // Looks for what is due, until cancelled.
  Task<> supervise();
  // One such look: names without an order get one, what is due gets a job. Yields when to look
  // again.
  Task<std::chrono::nanoseconds> look();

  // A domain was added, or a user looks at it: it does not wait for the next look.
  Task<> want(domains::Domain domain);
  // Renews it now. Fails with `no_such_certificate`, `not_ordered`.
  Task<> renew(CertificateId id);

  // For each domain how far its certificate is; nothing where one was uploaded.
  Task<std::vector<std::optional<domains::CertificateOrder>>> states(
      std::vector<domains::Domain> domains);

  // The platform's own names, as the last looks left them.
  Task<OwnState> own();
  // The same, after a look at their DNS records; what waits for those does not wait any longer.
  Task<OwnState> check_own();
  // There may be new hosts below the base domain.
  void wake();

  // Where certificates are ordered, and what to agree to.
  struct About {
    std::string directory_url;
    bool enabled = false;
    std::string terms_of_service;  // an address; empty where there are none, or it does not answer
  };
  Task<About> about();

 private:
  struct Obtained {
    acme::IssuedCertificate certificate;
    acme::ChallengeKind kind;
  };
  struct Plan {
    Instant renew_at;
    Instant look_at;  // again, at the latest
  };
  class Solver;

  // Of the platform's own names.
  struct OwnWishes {
    OwnState::Way way = OwnState::Way::off;
    std::vector<std::string> names{};  // need an order at once
    std::vector<std::string> hosts{};  // of apps, as many as authorities stand
  };

  Task<> advance(std::string name);
  Task<bool> is_needed(const Order& order);
  Task<bool> leads_here(const Order& order);
  Task<domains::Verdict> verdict_of(const Order& order);
  Task<> keep_waiting(const Order& order, OrderState state, std::string detail);
  Task<bool> is_due(const Order& order);
  Task<> try_now(const Order& order);
  Task<Obtained> obtain(const Order& order);
  Task<acme::IssuedCertificate> obtain_by(const Order& order, acme::ChallengeKind kind);
  Task<> keep(const Order& order, Obtained obtained);
  Task<> note_failure(const Order& order, const Error& error);
  Task<Plan> plan_renewal(Order order, const Certificate& certificate);
  Task<acme::Key> certificate_key(const Order& order);
  Task<std::optional<Certificate>> own_certificate(const Order& order);
  Task<bool> has_upload(std::string name);
  Task<acme::Client*> client();
  Task<OwnState::Way> own_way();
  Task<OwnWishes> own_wishes(const std::vector<Order>& orders);
  Task<> look_after_own_names();
  Task<> start_hosts(std::vector<std::string> hosts);
  Task<std::vector<OwnName>> own_names(OwnState::Way way, const std::vector<Order>& orders);
  Task<std::string> own_advice(OwnState::Way way);
  [[nodiscard]] std::optional<std::string> obstacle() const;
  [[nodiscard]] std::optional<std::string> own_obstacle() const;
  [[nodiscard]] domains::CertificateOrder view(const Order& order) const;

  net::Loop& loop_;
  sql::Database& database_;
  vault::Vault& vault_;
  domains::Domains& domains_;
  dns::Dns& dns_;
  Certificates& certificates_;
  jobs::Queue& queue_;
  gateway::Gateway& gateway_;
  const AuthorityOptions& options_;
  const OwnOptions& own_;
  const Clock& clock_;
  Accounts accounts_;
  Challenges challenges_;
  std::unique_ptr<acme::Client> client_;
  Signal wanted_;
  bool is_wanted_ = false;  // something became due since the last look
};

}  // namespace temps::certificates
