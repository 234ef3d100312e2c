// Stapling: asks the issuers that still offer OCSP about their certificates, ahead of the visitors'
// browsers, and hands the answers to the data plane.
#pragma once
#include <chrono>
#include <string>

#include "certificates/certificates.hpp"
#include "certificates/issuance.hpp"
#include "certificates/staples.hpp"
#include "net/loop.hpp"
#include "x509/ocsp.hpp"

namespace temps::certificates {

// Owns the table `certificate_staples`.
class Stapling {
 public:
  Stapling(net::Loop& loop, sql::Database& database, Certificates& certificates, Issuance& issuance,
           const Clock& clock)
      : loop_(loop),
        database_(database),
        certificates_(certificates),
        issuance_(issuance),
        clock_(clock) {}

  // Looks for what is to be asked, until cancelled.
  Task<> supervise();
  // One such look; asks one issuer after the other.
  Task<> look();

 private:
  Task<> ask(CertificateId id, std::string fingerprint, std::int32_t failures);
  Task<std::string> fetch(x509::OcspQuestion question);
  Task<> keep(const Certificate& certificate, std::string der, const x509::OcspAnswer& answer);
  Task<> note_revoked(const Certificate& certificate, std::string detail);

  net::Loop& loop_;
  sql::Database& database_;
  Certificates& certificates_;
  Issuance& issuance_;
  const Clock& clock_;
};

}  // namespace temps::certificates
