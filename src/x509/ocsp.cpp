#include "x509/ocsp.hpp"

#include <openssl/ocsp.h>
#include <openssl/pem.h>

#include <ctime>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "x509/openssl.hpp"
#include "x509/x509.hpp"

namespace temps::x509 {
namespace {

using Request = std::unique_ptr<OCSP_REQUEST, Release<OCSP_REQUEST_free>>;
using Response = std::unique_ptr<OCSP_RESPONSE, Release<OCSP_RESPONSE_free>>;
using Basic = std::unique_ptr<OCSP_BASICRESP, Release<OCSP_BASICRESP_free>>;
using CertId = std::unique_ptr<OCSP_CERTID, Release<OCSP_CERTID_free>>;
using Store = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using Urls = std::unique_ptr<STACK_OF(OPENSSL_STRING), Release<X509_email_free>>;
struct StackFreed {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), StackFreed>;

constexpr std::chrono::minutes clock_skew{5};

std::unexpected<Error> refuse(std::string why) {
  return fail(errors::bad_ocsp, "the OCSP answer cannot be used: {}", why);
}

struct Pair {
  Cert subject;
  Cert issuer;  // null where the chain does not hold it
};

Result<Pair> first_two(std::string_view pem) {
  if (pem.size() > chain_bytes_max) return fail(errors::too_large, "the chain is too large");
  const auto bio = reader(pem);
  Pair pair{.subject = Cert(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)), .issuer = {}};
  if (!pair.subject) return fail(errors::bad_pem, "there is no certificate in the chain");
  pair.issuer.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  return pair;
}

// SHA-1 names the issuer here and protects nothing; responders know no other name (RFC 5019).
CertId id_of(const Pair& pair) {
  return CertId(OCSP_cert_to_id(EVP_sha1(), pair.subject.get(), pair.issuer.get()));
}

std::string url_in(X509* certificate) {
  const Urls urls(X509_get1_ocsp(certificate));
  if (!urls || sk_OPENSSL_STRING_num(urls.get()) == 0) return {};
  return sk_OPENSSL_STRING_value(urls.get(), 0);
}

Result<Instant> instant(const ASN1_GENERALIZEDTIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return refuse("a time in it cannot be read");
  return Instant{std::chrono::seconds(::timegm(&parts))};
}

Result<Basic> basic_of(std::string_view der) {
  if (der.size() > ocsp_answer_bytes_max) return refuse("it is larger than any is");
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Response response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  if (!response) return refuse("it is none");
  if (const int status = OCSP_response_status(response.get());
      status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return refuse(fmt::format("the responder says \"{}\"", OCSP_response_status_str(status)));
  }
  Basic basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return refuse("it has no content");
  return basic;
}

// Only the issuer is trusted, for itself and for whom it has certified for OCSP; no root is asked.
bool is_signed(OCSP_BASICRESP* basic, X509* issuer, Instant now) {
  const Store store(X509_STORE_new());
  const Stack others(sk_X509_new_null());
  if (!store || !others || X509_STORE_add_cert(store.get(), issuer) != 1 ||
      sk_X509_push(others.get(), issuer) == 0) {
    return false;
  }
  auto* settings = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_flags(settings, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_time(
      settings, std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
  return OCSP_basic_verify(basic, others.get(), store.get(), OCSP_NOEXPLICIT) == 1;
}

std::string reason_of(int reason) {
  return reason == OCSP_REVOKED_STATUS_NOSTATUS ? std::string{} : OCSP_crl_reason_str(reason);
}

Result<OcspAnswer> single_of(OCSP_BASICRESP* basic, OCSP_CERTID* id, Instant now) {
  int status = 0;
  int reason = 0;
  ASN1_GENERALIZEDTIME* revoked = nullptr;
  ASN1_GENERALIZEDTIME* from = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  if (OCSP_resp_find_status(basic, id, &status, &reason, &revoked, &from, &until) != 1) {
    return refuse("it is about another certificate");
  }
  if (until == nullptr) return refuse("it does not say until when it holds");
  const auto begin = instant(from);
  const auto end = instant(until);
  if (!begin) return fail(begin.error());
  if (!end) return fail(end.error());
  if (*begin > now + clock_skew) {
    return refuse(fmt::format("it holds from {} on only; is the clock of this server right?",
                              to_rfc3339(*begin)));
  }
  if (*end <= now) return refuse(fmt::format("it ended {}", to_rfc3339(*end)));
  OcspAnswer answer{.this_update = *begin, .next_update = *end};
  if (status == V_OCSP_CERTSTATUS_GOOD) answer.status = OcspAnswer::Status::good;
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    const auto at = instant(revoked);
    if (!at) return fail(at.error());
    answer.status = OcspAnswer::Status::revoked;
    answer.revoked_at = *at;
    answer.reason = reason_of(reason);
  }
  return answer;
}

}  // namespace

Result<std::optional<OcspQuestion>> ocsp_question(std::string_view chain_pem) {
  const ErrorsForgotten forgotten;
  const auto pair = first_two(chain_pem);
  if (!pair) return fail(pair.error());
  auto url = url_in(pair->subject.get());
  if (url.empty() || !pair->issuer) return std::nullopt;
  const Request request(OCSP_REQUEST_new());
  auto id = id_of(*pair);
  if (!request || !id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
    return refuse("no question can be made");
  }
  (void)id.release();  // the request's now
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_REQUEST(request.get(), &der);
  if (size <= 0) return refuse("no question can be made");
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return OcspQuestion{.url = std::move(url), .request = std::move(text)};
}

Result<OcspAnswer> read_ocsp_answer(std::string_view der, std::string_view chain_pem, Instant now) {
  const ErrorsForgotten forgotten;
  const auto pair = first_two(chain_pem);
  if (!pair) return fail(pair.error());
  if (!pair->issuer) return refuse("the issuer is not in the chain");
  const auto basic = basic_of(der);
  if (!basic) return fail(basic.error());
  if (!is_signed(basic->get(), pair->issuer.get(), now)) {
    return refuse("it is signed by nobody who may speak for the issuer");
  }
  const auto id = id_of(*pair);
  if (!id) return refuse("the certificate cannot be named");
  return single_of(basic->get(), id.get(), now);
}

}  // namespace temps::x509
