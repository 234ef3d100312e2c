#include "acme/csr.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "acme/openssl.hpp"

namespace temps::acme {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(CheckedNames, AreInLowerCaseAndThereOnce) {
  EXPECT_THAT(
      checked_names({"Shop.Example.ORG", "*.example.org", "shop.example.org", " a.b "}).value(),
      ElementsAre("shop.example.org", "*.example.org", "a.b"));
}

TEST(CheckedNames, RefuseWhatNoAuthorityIssuesFor) {
  for (const auto* name :
       {"", "localhost", "192.168.1.1", "a..b", "-a.org", "a-.org", "a_b.org", "a b.org", "a.org.",
        "www.*.org", "*", "*.org.*", "caf\xc3\xa9.example", "a.org,IP:1.2.3.4", "::1"}) {
    const auto names = checked_names({"good.example.org", name});
    ASSERT_FALSE(names.has_value()) << name;
    EXPECT_TRUE(names.error().is(errors::bad_name)) << name;
    EXPECT_EQ(names.error().fields().front().pointer, "/names/1") << name;
  }
  EXPECT_FALSE(checked_names({}).has_value());
  EXPECT_FALSE(checked_names({std::string(64, 'a') + ".org"}).has_value());
}

TEST(CheckedNames, SaysHowToWriteAnInternationalName) {
  const auto names = checked_names({"caf\xc3\xa9.example"});
  EXPECT_THAT(std::string(names.error().detail()), HasSubstr("xn--"));
}

TEST(SigningRequest, HasTheKeyAndAllNames) {
  const auto key = Key::generate();
  const auto der = signing_request(key, {"example.org", "*.example.org"});
  const auto* at = bytes(der);
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> request(
      d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())), &X509_REQ_free);
  ASSERT_TRUE(request);
  EXPECT_EQ(X509_REQ_verify(request.get(), NativeKey::of(key)), 1);
  EXPECT_EQ(X509_NAME_entry_count(X509_REQ_get_subject_name(request.get())), 0);
  auto* extensions = X509_REQ_get_extensions(request.get());
  auto* names = static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(extensions, NID_subject_alt_name, nullptr, nullptr));
  ASSERT_EQ(sk_GENERAL_NAME_num(names), 2);
  const auto* second = sk_GENERAL_NAME_value(names, 1)->d.dNSName;
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(second))),
            "*.example.org");
  GENERAL_NAMES_free(names);
  sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
}

}  // namespace
}  // namespace temps::acme
