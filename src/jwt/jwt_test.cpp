#include "jwt/jwt.hpp"

#include <gtest/gtest.h>

#include "acme/key.hpp"
#include "core/text.hpp"

namespace temps::jwt {
namespace {

using namespace std::chrono_literals;

// RFC 7515, appendix A: the same claims signed in several ways.
const std::string claims_part =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q";
const std::string hs256 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + claims_part +
                          ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string rs256_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const std::string rs256 = "eyJhbGciOiJSUzI1NiJ9." + claims_part + "." + rs256_signature;
const std::string es256 =
    "eyJhbGciOiJFUzI1NiJ9." + claims_part +
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
const std::string unsecured = "eyJhbGciOiJub25lIn0." + claims_part + ".";

const std::string rsa_modulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
    "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re"
    "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
    "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const std::string rsa_key = R"({"kty":"RSA","e":"AQAB","n":")" + rsa_modulus + R"("})";
const std::string ec_key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";

KeySet keys(const std::string& members) {
  return KeySet::parse(R"({"keys":[)" + members + "]}").value();
}
std::string code_of(const Result<>& result) {
  return result ? "ok" : std::string(result.error().code().code);
}
std::string code_of(const Result<Token>& result) {
  return result ? "ok" : std::string(result.error().code().code);
}

TEST(Token, OfTheStandardIsRead) {
  const auto token = parse(rs256);
  ASSERT_TRUE(token) << token.error().detail();
  EXPECT_EQ(token->algorithm, Algorithm::rs256);
  EXPECT_FALSE(token->key_id);
  EXPECT_EQ(token->claims["iss"].as_string(), "joe");
  EXPECT_EQ(token->claims["exp"].as_integer(), 1300819380);
}

TEST(Token, ThatAnybodyCouldHaveMadeIsRefused) {
  EXPECT_EQ(code_of(parse(unsecured)), "jwt.bad_algorithm");
  EXPECT_EQ(code_of(parse(hs256)), "jwt.bad_algorithm");
  for (const auto* header : {R"({"alg":"None"})", R"({"alg":"HS512"})", R"({"alg":["RS256"]})",
                             R"({"typ":"JWT"})", R"({"alg":"rs256"})", R"({"alg":""})"}) {
    EXPECT_EQ(code_of(parse(to_base64url(header) + "." + claims_part + ".AAAA")),
              "jwt.bad_algorithm")
        << header;
  }
}

TEST(Token, WithoutItsFormIsRefused) {
  const auto header = to_base64url(R"({"alg":"RS256"})");
  for (const auto& text :
       {std::string(), std::string("."), std::string(".."), header + "." + claims_part, rs256 + ".",
        rs256 + "=", "[" + rs256, header + "." + claims_part + ".",
        to_base64url("[]") + "." + claims_part + ".AAAA",
        header + "." + to_base64url("1") + ".AAAA",
        header + "." + to_base64url("{\"a\":1,\"a\":2}") + ".AAAA",
        to_base64url(R"({"alg":"RS256","crit":["exp"]})") + "." + claims_part + ".AAAA",
        to_base64url(R"({"alg":"RS256","kid":7})") + "." + claims_part + ".AAAA",
        std::string(token_bytes_max + 1, 'A')}) {
    EXPECT_EQ(code_of(parse(text)), "jwt.malformed") << text.substr(0, 80);
  }
}

TEST(KeySet, VerifiesTheSignaturesOfTheStandard) {
  const auto both = keys(rsa_key + "," + ec_key);
  EXPECT_EQ(both.size(), 2U);
  EXPECT_EQ(code_of(both.verify(*parse(rs256))), "ok");
  EXPECT_EQ(code_of(both.verify(*parse(es256))), "ok");
}

TEST(KeySet, RefusesWhatWasChanged) {
  const auto both = keys(rsa_key + "," + ec_key);
  for (const auto& good : {rs256, es256}) {
    auto token = *parse(good);
    token.signed_text.back() = token.signed_text.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(code_of(both.verify(token)), "jwt.bad_signature");
    token = *parse(good);
    token.signature[5] = static_cast<char>(token.signature[5] ^ 1);
    EXPECT_EQ(code_of(both.verify(token)), "jwt.bad_signature");
    token = *parse(good);
    token.signature.pop_back();
    EXPECT_EQ(code_of(both.verify(token)), "jwt.bad_signature");
  }
  // All zero was once good for every message, elsewhere.
  auto token = *parse(es256);
  token.signature.assign(64, '\0');
  EXPECT_EQ(code_of(both.verify(token)), "jwt.bad_signature");
}

TEST(KeySet, AKeyIsForItsAlgorithmAlone) {
  auto token = *parse(es256);
  EXPECT_EQ(code_of(keys(rsa_key).verify(token)), "jwt.unknown_key");
  token.algorithm = Algorithm::rs256;
  EXPECT_EQ(code_of(keys(rsa_key).verify(token)), "jwt.bad_signature");
}

TEST(KeySet, FindsAKeyByItsName) {
  const auto mine = acme::Key::generate();
  const auto other = acme::Key::generate();
  const auto named = [](const acme::Key& key, std::string_view name) {
    return R"({"kid":")" + std::string(name) + R"(",)" + key.jwk().substr(1);
  };
  const auto signed_as = [&](std::string_view header) {
    const auto text = to_base64url(header) + "." + claims_part;
    return *parse(text + "." + to_base64url(mine.sign(text)));
  };
  const auto both = keys(named(other, "a") + "," + named(mine, "b"));
  EXPECT_EQ(code_of(both.verify(signed_as(R"({"alg":"ES256","kid":"b"})"))), "ok");
  EXPECT_EQ(code_of(both.verify(signed_as(R"({"alg":"ES256"})"))), "ok");
  EXPECT_EQ(code_of(both.verify(signed_as(R"({"alg":"ES256","kid":"a"})"))), "jwt.bad_signature");
  EXPECT_EQ(code_of(both.verify(signed_as(R"({"alg":"ES256","kid":"c"})"))), "jwt.unknown_key");
  EXPECT_FALSE(both.has_key_of(signed_as(R"({"alg":"ES256","kid":"c"})")));
}

// The first key is that of RFC 7517, A.1, which is for encryption; both of A.3 are symmetric.
TEST(KeySet, LeavesOutWhatCannotBeUsed) {
  const auto set = keys(
      R"({"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
      R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"enc","kid":"1"},)"
      R"({"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"},)"
      R"({"kty":"EC","crv":"P-384","x":"AAAA","y":"AAAA"},)"
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
      R"("y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"},)"
      R"({"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"RSA","e":"AQAB"},{"kty":"RSA","e":"AA","n":")" +
      rsa_modulus + R"("},{"kty":"RSA","alg":"RS512","e":"AQAB","n":")" + rsa_modulus +
      R"("},7,null,)" + ec_key);
  EXPECT_EQ(set.size(), 1U);
}

TEST(KeySet, WithoutAKeyOfUseIsRefused) {
  for (const auto* text : {"", "[]", "{}", R"({"keys":[]})", R"({"keys":{}})",
                           R"({"keys":[{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}]})"}) {
    EXPECT_FALSE(KeySet::parse(text)) << text;
  }
  std::string many = R"({"keys":[)" + ec_key;
  for (std::size_t i = 0; i < keys_max; ++i) many += "," + ec_key;
  EXPECT_FALSE(KeySet::parse(many + "]}"));
}

TEST(Base64Url, HasOneSpellingForEachValue) {
  EXPECT_EQ(from_base64url(""), "");
  EXPECT_EQ(from_base64url("_-8"), "\xff\xef");
  for (const auto* wrong : {"A", "AB", "_-9", "AA==", "A+/A", "AA A", "AAA\n"}) {
    EXPECT_FALSE(from_base64url(wrong)) << wrong;
  }
}

struct ClaimsTest : testing::Test {
  Instant now{std::chrono::seconds{1'700'000'000}};
  std::string code_of_claims(const std::string& text) {
    const Expected expected{
        .issuer = "https://id.example.org", .audience = "temps", .nonce = "n1", .now = now};
    return code_of(check_claims(json::decode<json::Value>(text).value(), expected));
  }
  static std::string with(const std::string& changed) {
    auto text = std::string(R"({"iss":"https://id.example.org","aud":"temps","nonce":"n1",)"
                            R"("exp":1700000300,"iat":1700000000})");
    return changed.empty() ? text : text.substr(0, text.size() - 1) + "," + changed + "}";
  }
  static std::string but(const std::string& from, const std::string& to) {
    return replaced(with(""), from, to);
  }
};

TEST_F(ClaimsTest, OfAGoodTokenAreAccepted) {
  EXPECT_EQ(code_of_claims(with("")), "ok");
  EXPECT_EQ(code_of_claims(with(R"("azp":"temps")")), "ok");
  EXPECT_EQ(code_of_claims(but(R"("temps")", R"(["temps"])")), "ok");
  EXPECT_EQ(code_of_claims(but(R"("temps")", R"(["other","temps"],"azp":"temps")")), "ok");
  EXPECT_EQ(code_of_claims(but("1700000300", "1700000300.5")), "ok");
  EXPECT_EQ(code_of_claims(with(R"("nbf":1700000050)")), "ok");
}

TEST_F(ClaimsTest, OfAnotherIssuerAudienceOrLoginAreRefused) {
  for (const auto& text :
       {but("id.example.org", "id.example.org/"), but("https://id", "https://ID"),
        but(R"("temps")", R"("other")"), but(R"("temps")", R"([])"), but(R"("temps")", "7"),
        but(R"("temps")", R"(["other"])"), but(R"("temps")", R"(["other","temps"])"),
        with(R"("azp":"other")"), with(R"("azp":7)"), but(R"("n1")", R"("n2")"),
        but(R"("n1")", "null"), but(R"("nonce")", R"("n")")}) {
    EXPECT_EQ(code_of_claims(text), "jwt.bad_claims") << text;
  }
}

TEST_F(ClaimsTest, OfAnotherTimeAreRefused) {
  for (const auto& text :
       {but("1700000300", "1699999940"), but("1700000300", "-1"), but("1700000300", "1e300"),
        but("1700000300", R"("1700000300")"), but(R"("exp")", R"("e")"),
        but(R"("iat":1700000000)", R"("iat":1700000061)"),
        but(R"("iat":1700000000)", R"("iat":1699999339)"), but(R"("iat")", R"("i")"),
        with(R"("nbf":1700000061)"), with(R"("nbf":"now")")}) {
    EXPECT_EQ(code_of_claims(text), "jwt.bad_claims") << text;
  }
  EXPECT_EQ(code_of_claims(but("1700000300", "1699999941")), "ok");
}

TEST_F(ClaimsTest, WithoutANonceToCompareAreRefused) {
  const auto claims = json::decode<json::Value>(but(R"("n1")", R"("")")).value();
  const Expected expected{
      .issuer = "https://id.example.org", .audience = "temps", .nonce = "", .now = now};
  EXPECT_EQ(code_of(check_claims(claims, expected)), "jwt.bad_claims");
}

}  // namespace
}  // namespace temps::jwt
