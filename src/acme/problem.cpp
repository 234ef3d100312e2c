#include "acme/problem.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "acme/errors.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

constexpr std::string_view prefix = "urn:ietf:params:acme:error:";
// Enough for every message that makes sense, and too little to flood a log.
constexpr std::size_t words_bytes_max = 1000;
constexpr std::size_t subproblems_max = 100;

struct Known {
  std::string_view type;
  const ErrorCode& code;
  std::string_view advice;
};

constexpr std::string_view try_later = "It is a matter of the authority; try again later";
constexpr std::string_view ours =
    "This is a fault of Temps or of the directory's address; check the address, and report it";

const auto& known() {
  static const std::array list{
      Known{"rateLimited", errors::rate_limited, "Wait before asking again"},
      Known{"externalAccountRequired", errors::external_account_required,
            "Make an account there and give its key id and HMAC key"},
      Known{"invalidContact", errors::bad_contact, "Give an e-mail address that receives mail"},
      Known{"unsupportedContact", errors::bad_contact, "Give one plain e-mail address"},
      Known{"accountDoesNotExist", errors::no_such_account,
            "Make a new account; the old one is of another authority or was removed"},
      Known{"userActionRequired", errors::terms_not_agreed,
            "Read the terms of service and agree to them"},
      Known{"rejectedIdentifier", errors::rejected_name,
            "Use another name, or another certificate authority"},
      Known{"unsupportedIdentifier", errors::rejected_name,
            "Use another name, or another certificate authority"},
      Known{"unauthorized", errors::unauthorized, ""},
      Known{"incorrectResponse", errors::unauthorized, ""},
      Known{"dns", errors::dns, "Check the name's records and its name servers"},
      Known{"connection", errors::connection,
            "Check that the name points to this machine and that no firewall is in between"},
      Known{"tls", errors::tls, "Check that the name points to this machine, port 443"},
      Known{"caa", errors::caa,
            "Add the authority to the CAA records of the domain, or use one that they allow"},
      Known{"alreadyRevoked", errors::already_revoked, "Nothing is left to do"},
      Known{"alreadyReplaced", errors::already_replaced, "Use the certificate that replaced it"},
      Known{"serverInternal", errors::failed, try_later},
      Known{"orderNotReady", errors::failed, "Try again"},
      Known{"badCSR", errors::bad_request, ours},
      Known{"badNonce", errors::failed, try_later},
      Known{"badPublicKey", errors::bad_key, "Use another key"},
      Known{"badRevocationReason", errors::bad_request, "Give another reason"},
      Known{"badSignatureAlgorithm", errors::bad_request, ours},
      Known{"malformed", errors::bad_request, ours},
  };
  return list;
}

const Known* find(std::string_view type) {
  if (!type.starts_with(prefix)) return nullptr;
  const auto* found = std::ranges::find(known(), type.substr(prefix.size()), &Known::type);
  return found == known().end() ? nullptr : found;
}

std::string advice_for(const Known& found, const Concerning& about) {
  if (!(found.code == errors::unauthorized)) return std::string(found.advice);
  if (about.challenge == "dns-01") {
    return fmt::format(
        "Check that the TXT record _acme-challenge.{} is there and that all name servers have it",
        about.domain);
  }
  if (about.domain.empty()) return "Check that the names point to this machine";
  const auto* port = about.challenge == "tls-alpn-01" ? "443" : "80";
  return fmt::format(
      "Check that {} points to this machine and that nothing else answers there on port {}",
      about.domain, port);
}

std::string words_of(const json::Value& problem) {
  auto words = to_utf8(text_of(problem["detail"]).substr(0, words_bytes_max));
  std::ranges::replace_if(words, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return words;
}

std::vector<FieldError> subproblems_of(const json::Value& problem) {
  std::vector<FieldError> fields;
  for (const auto& item : problem["subproblems"].items()) {
    if (fields.size() == subproblems_max) break;
    const auto name = text_of(item["identifier"]["value"]).substr(0, words_bytes_max);
    fields.push_back({.pointer = "/names/" + name, .detail = words_of(item)});
  }
  return fields;
}

const ErrorCode& code_of_status(int status) {
  if (status == 429) return errors::rate_limited;
  if (status >= 500) return errors::failed;
  return errors::refused;
}

}  // namespace

std::string text_of(const json::Value& value) {
  return std::string(value.as_string().value_or(""));
}

bool is_bad_nonce(const json::Value& problem) {
  return text_of(problem["type"]) == std::string(prefix) + "badNonce";
}

Error problem_error(const json::Value& problem, int status, const Concerning& about) {
  const auto type = text_of(problem["type"]);
  const auto* found = find(type);
  // Authorities that are overloaded answer with pages of their own.
  const auto& code = found ? found->code : code_of_status(status);
  std::string text = about.domain.empty() ? std::string{} : about.domain + ": ";
  const auto words = words_of(problem);
  auto fields = subproblems_of(problem);
  if (!words.empty()) {
    text += fmt::format("the certificate authority says \"{}\"", words);
  } else if (status != 0) {
    text += fmt::format("the certificate authority answered with status {}", status);
  } else {
    text += "the certificate authority refuses and does not say why";
  }
  for (const auto& field : fields) {
    text += fmt::format("; {}: {}", std::string_view(field.pointer).substr(7), field.detail);
    if (text.size() > words_bytes_max * 2) break;
  }
  auto advice = found ? advice_for(*found, about) : std::string{};
  if (!found && code == errors::failed) advice = try_later;
  if (!found && code == errors::rate_limited) advice = "Wait before asking again";
  if (!advice.empty()) text += ". " + advice;
  return {code, std::move(text), std::move(fields), type};
}

}  // namespace temps::acme
