// Any bytes as an OCSP answer: nothing that the issuer has not signed is believed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "x509/authority_for_tests.hpp"
#include "x509/ocsp.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Instant now{std::chrono::seconds(1'900'000'000)};
  static const std::string chain = [] {
    x509::AuthorityForTests authority;
    return authority.issue({"shop.example.com"}, now).certificate + authority.certificate();
  }();
  const std::string_view der(reinterpret_cast<const char*>(data), size);
  const auto answer = x509::read_ocsp_answer(der, chain, now);
  if (answer || answer.error().detail().empty()) std::abort();
  return 0;
}
