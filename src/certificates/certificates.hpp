// Certificates: what visitors are shown over TLS. Kept in the database with the private key sealed;
// laid out as files for the data plane.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "certificates/options.hpp"
#include "certificates/shelf.hpp"
#include "certificates/staples.hpp"
#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "core/id.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "domains/domains.hpp"
#include "gateway/gateway.hpp"
#include "sql/database.hpp"
#include "vault/vault.hpp"
#include "x509/x509.hpp"

namespace temps::certificates {

enum class Source : std::uint8_t { uploaded, acme };
// Visitors are shown active ones only; the others wait for their authority.
enum class State : std::uint8_t { active, pending, failed };

struct Certificate {
  CertificateId id;
  std::int32_t version = 1;  // another one whenever the content is another
  std::vector<std::string> names;
  x509::Algorithm algorithm = x509::Algorithm::ecdsa;
  Source source = Source::uploaded;
  State state = State::active;
  std::string issuer;
  std::string serial;
  std::string fingerprint;
  Instant not_before;
  Instant not_after;
  Instant stored_at;
};

// How long a certificate lives on.
struct Remaining {
  std::int64_t days = 0;  // whole ones; 0 and below: expired, or about to
  bool is_soon_over = false;
};
inline constexpr std::chrono::hours soon{14 * 24};
Remaining remaining(const Certificate& certificate, Instant now);

struct Upload {
  std::string chain;                 // PEM
  Secret key;                        // PEM
  std::vector<std::string> names{};  // which it is meant for; may be empty
};

// Owns the table `certificates` and the folder.
class Certificates {
 public:
  Certificates(sql::Database& database, vault::Vault& vault, domains::Domains& domains,
               gateway::Gateway& gateway, const Options& options, const Clock& clock)
      : database_(database),
        vault_(vault),
        domains_(domains),
        gateway_(gateway),
        own_(options.own),
        clock_(clock),
        shelf_(options.folder) {}

  struct Published {
    Certificate certificate;
    gateway::Reach reach = gateway::Reach::proxy_away;
  };

  // Fails with what x509 says of chain and key, and with `not_covered`.
  Task<Published> upload(Upload upload);
  // Keeps a certificate and shows it to visitors. One for the same names with the same kind of key
  // takes the place of the one before.
  Task<Published> store(Source source, x509::Chain chain, Secret key);
  Task<Certificate> get(CertificateId id);  // Fails with `no_such_certificate`.
  // In order of id, those behind `after`.
  Task<std::vector<Certificate>> list(CertificateId after, std::int64_t limit);
  Task<gateway::Reach> remove(CertificateId id);

  // At the start of the process: every certificate's files are there, and the data plane knows of
  // all of them. One whose key cannot be opened is left out with a line in the log. What the data
  // plane shows and the database does not know, because a database was lost, is stored anew.
  Task<> restore();
  // Warns once a day of what expires soon, until cancelled.
  Task<> watch();
  Task<std::vector<Certificate>> expiring();
  // Those that Temps got, that have expired, and that nobody asks for any more: they go.
  Task<> forget_unused();

  // What its issuer says of a certificate.
  struct NewStaple {
    Word word = Word::none;
    std::string detail{};
    std::string answer{};  // DER, of a good one
    std::optional<Instant> this_update{};
    std::optional<Instant> next_update{};
    Instant next_at{};  // when it is asked again
  };
  // Keeps it; from then on a good one goes with the certificate.
  Task<> staple(Certificate certificate, NewStaple staple);
  // As it was kept last; nothing where nobody has been asked yet.
  Task<std::optional<Word>> word_on(CertificateId id);
  // For each certificate what is known.
  Task<std::vector<std::optional<Staple>>> staples(std::vector<Certificate> certificates);
  Task<std::string> chain_of(CertificateId id);  // PEM

  // Those shown to visitors that cover the name; what lasts longest comes first.
  Task<std::vector<Certificate>> covering(std::string name);
  // For each name the certificate that visitors are shown, nothing where there is none.
  Task<std::vector<std::optional<domains::CertificateState>>> states(
      std::vector<std::string> names);
  // For each certificate the names that it is for: domains, and the platform's own.
  Task<std::vector<std::vector<std::string>>> uses(std::vector<Certificate> certificates);

  [[nodiscard]] domains::Domains& domains() { return domains_; }
  [[nodiscard]] Instant now() const { return clock_.now(); }

 private:
  Task<Certificate> insert(Source source, const x509::Chain& chain, const Secret& key,
                           sql::Executor& executor);
  Task<gateway::Reach> publish(sql::Executor& executor);
  Task<> lay_out(Certificate certificate);
  Task<> take_back();
  Task<> tidy_up();
  Task<> warn_of_revoked();

  sql::Database& database_;
  vault::Vault& vault_;
  domains::Domains& domains_;
  gateway::Gateway& gateway_;
  const OwnOptions& own_;
  const Clock& clock_;
  Shelf shelf_;
  std::set<std::string, std::less<>> unreadable_;  // labels of those without usable files
  Mutex mutex_;  // one change at a time: each publishes all of them
};

}  // namespace temps::certificates
