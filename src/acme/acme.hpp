// Certificates from an authority that speaks ACME (RFC 8555), such as Let's Encrypt.
//
//   acme::Client client(loop, clock, {.directory_url = "https://…/directory"});
//   auto account = co_await client.create_account(Key::generate(), {.agrees_to_terms = true});
//   auto issued = co_await client.obtain(account, {.names = {"shop.example.com"}}, solver);
//
// Every function fails with `acme.unreachable`, `acme.bad_answer`, `acme.failed`,
// `acme.rate_limited`, `acme.bad_request`, `acme.refused`, `acme.no_such_account`, and `tls.…`
// when the authority's own address is not trusted. An error that says when to come again has it in
// Error::retry_after.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acme/chain.hpp"
#include "acme/errors.hpp"
#include "acme/key.hpp"
#include "acme/options.hpp"
#include "acme/values.hpp"
#include "core/task.hpp"
#include "net/loop.hpp"

namespace temps::acme {

// Puts the answers to challenges where the authority looks for them.
class Solver {
 public:
  virtual ~Solver() = default;
  // Before the first answer: who keeps the order's url can go on with it after a restart.
  virtual Task<> ordered(Order /*order*/) { co_return; }
  // Ends when the answer can be seen from outside. Several may be in place at a time.
  virtual Task<> present(Answer answer) = 0;
  // Called for every answer whose present() was called, whatever became of it.
  virtual Task<> remove(Answer answer) = 0;
};

enum class Stage : std::uint8_t { ordered, presenting, checking, issuing, downloading, issued };

struct Progress {
  Stage stage;
  std::string domain{};  // while presenting and checking
  std::string text;      // a sentence for people
};
using Report = std::function<void(const Progress&)>;

struct Wanted {
  std::vector<std::string> names;  // the first is the one that people know it by
  // How control can be proved, the best first; a wildcard takes dns-01 only.
  std::vector<ChallengeKind> kinds{ChallengeKind::http_01, ChallengeKind::tls_alpn_01,
                                   ChallengeKind::dns_01};
  std::optional<Key> key{};  // of the certificate; a new one where not given
  std::string replaces{};    // IssuedCertificate::renewal_id of the one that this is to follow
  // Goes on with this order where that can still be issued; needs the `key` of its request.
  std::string order_url{};
};

enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  superseded = 4,
  cessation_of_operation = 5,
};

class Session;

// One authority. A resource of one loop; its calls may run at the same time.
class Client {
 public:
  Client(net::Loop& loop, const Clock& clock, Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Task<Directory> directory();

  // The account of this key, a new one where there is none. Fails with `acme.terms_not_agreed`,
  // `acme.external_account_required`, `acme.bad_external_account`, `acme.bad_contact`.
  Task<Account> create_account(Key key, NewAccount wanted);
  // Fails with `acme.no_such_account`.
  Task<Account> find_account(Key key);
  Task<> change_emails(Account account, std::vector<std::string> emails);
  // For good: the account cannot be used again.
  Task<> deactivate(Account account);

  // A whole order: orders, proves, fetches, checks. Whatever happens, the answers are removed.
  // Fails besides with `acme.bad_name`, `acme.rejected_name`, `acme.no_challenge`,
  // `acme.unauthorized`, `acme.dns`, `acme.connection`, `acme.tls`, `acme.caa`, `acme.timed_out`,
  // `acme.bad_certificate`, and with what the solver fails with.
  Task<IssuedCertificate> obtain(Account account, Wanted wanted, Solver& solver,
                                 Report report = {});

  // The steps of obtain(), for who needs them one by one.
  Task<Order> new_order(Account account, std::vector<std::string> names, std::string replaces = {});
  Task<Order> order(Account account, std::string url);
  Task<Authorization> authorization(Account account, std::string url);
  // The answer is in place: the authority may look.
  Task<> begin_check(Account account, Challenge challenge);
  // Fails with why the authority did not accept the proof, or with `acme.timed_out`.
  Task<> await_check(Account account, Authorization authorization, ChallengeKind kind);
  // Asks for the certificate of an order that is ready and waits until it is there.
  Task<Order> finalize(Account account, Order order, Key certificate_key);
  // PEM, as it came.
  Task<std::string> download(Account account, Order order);

  // Fails with `acme.unsupported` where the authority has no such advice.
  Task<RenewalWindow> renewal_window(std::string renewal_id);
  // Fails with `acme.already_revoked`, `acme.bad_certificate`.
  Task<> revoke(Account account, std::string chain_pem,
                RevocationReason reason = RevocationReason::unspecified);

 private:
  struct Proof;
  Task<Account> register_account(Key key, std::string payload);
  Task<std::optional<Order>> former_order(Account account, std::string url);
  Task<Order> placed_order(Account account, Wanted wanted);
  Task<Order> await_order(Account account, Order order, Status wanted);
  Task<std::vector<Proof>> plan(Account account, Order order, Wanted wanted);
  Task<> prove(Account account, std::vector<Proof>& proofs, Solver& solver, Report report);
  Task<> run_proofs(Account account, std::vector<Proof>& proofs, Solver& solver, Report report);
  static Task<> remove_all(std::vector<Proof>& proofs, Solver& solver);

  const Clock& clock_;
  Options options_;
  std::unique_ptr<Session> session_;
};

}  // namespace temps::acme
