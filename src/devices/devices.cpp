#include "devices/devices.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "devices/errors.hpp"
#include "identity/login_limits.hpp"
#include "identity/rules.hpp"

namespace temps::devices {

namespace {

constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr std::size_t code_letters = 8;
// How long a program that comes too late still hears why.
constexpr std::chrono::minutes afterlife{10};

std::string key_of(std::string_view device_code) { return crypto::sha256(device_code); }

std::string normal(std::string_view user_code) {
  std::string code;
  for (char c : user_code.substr(0, 32)) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-' || c == ' ') continue;
    if (code.size() == code_letters / 2) code += '-';
    code += c;
  }
  return code;
}

}  // namespace

std::string new_user_code() {
  // Bytes at the end of the range would make the first letters more likely.
  constexpr std::size_t fair = 256 / letters.size() * letters.size();
  std::string code;
  while (code.size() < code_letters + 1) {
    for (const char byte : random_bytes(16)) {
      const auto value = static_cast<unsigned char>(byte);
      if (value >= fair || code.size() == code_letters + 1) continue;
      if (code.size() == code_letters / 2) code += '-';
      code += letters[value % letters.size()];
    }
  }
  return code;
}

void Devices::forget_old() {
  const auto now = clock_.now();
  std::erase_if(entries_, [now](const auto& entry) {
    return entry.second.shown.expires_at + afterlife <= now;
  });
  std::erase_if(guesses_,
                [now](const auto& guesses) { return guesses.second.since + guess_window <= now; });
}

Result<Begun> Devices::begin(std::string name, std::string address) {
  if (!identity::check_key_name(name)) {
    return fail(errors::bad_name, "a device's name has 1 to 100 printable characters");
  }
  forget_old();
  const auto network = identity::network_of(address);
  const auto of_network = std::ranges::count_if(entries_, [&network](const auto& entry) {
    return identity::network_of(entry.second.shown.address) == network;
  });
  if (entries_.size() >= waiting_max ||
      static_cast<std::size_t>(of_network) >= waiting_of_network_max) {
    return fail(errors::too_many, "too many devices wait to be logged in; try again in {} minutes",
                (lifetime + afterlife).count());
  }
  const auto now = clock_.now();
  auto user_code = new_user_code();
  const auto is_taken = [&user_code](const auto& entry) {
    return entry.second.shown.user_code == user_code;
  };
  while (std::ranges::any_of(entries_, is_taken)) user_code = new_user_code();
  Secret device_code(random_token(32));
  entries_[key_of(device_code.reveal())] = {.shown = {.user_code = user_code,
                                                      .name = std::move(name),
                                                      .address = std::move(address),
                                                      .begun_at = now,
                                                      .expires_at = now + lifetime}};
  return Begun{std::move(device_code), std::move(user_code)};
}

Result<Approved> Devices::collect(std::string_view device_code) {
  forget_old();
  const auto found = entries_.find(key_of(device_code));
  const auto now = clock_.now();
  if (found == entries_.end() || found->second.shown.expires_at <= now) {
    return fail(errors::expired, "the login was not confirmed in time; begin it anew");
  }
  auto& entry = found->second;
  if (entry.state == State::denied) {
    entries_.erase(found);
    return fail(errors::denied, "the login was denied");
  }
  if (entry.state == State::approved) {
    Approved approved{entry.user, std::move(entry.shown.name)};
    entries_.erase(found);
    return approved;
  }
  const bool is_early = now < entry.polled_at + entry.pause;
  entry.polled_at = now;
  if (is_early) {
    entry.pause += slow_down_step;
    return fail(errors::slow_down, "ask every {} s at most", entry.pause.count());
  }
  return fail(errors::pending, "nobody has decided about this login yet");
}

Result<Devices::Entry*> Devices::waiting(identity::UserId asking, std::string_view user_code) {
  forget_old();
  const auto now = clock_.now();
  const auto& guesses = guesses_[asking.value];
  if (guesses.wrong >= guesses_max) {
    return fail(errors::too_many, "too many wrong codes; try again in {} minutes",
                guess_window.count());
  }
  const auto code = normal(user_code);
  const auto found = std::ranges::find_if(entries_, [&code, now](const auto& entry) {
    return entry.second.shown.user_code == code && entry.second.state == State::waiting &&
           entry.second.shown.expires_at > now;
  });
  if (found != entries_.end()) return &found->second;
  auto& wrong = guesses_[asking.value];
  if (wrong.wrong++ == 0) wrong.since = now;
  return fail(errors::no_such_code,
              "no login waits for this code; it is good for {} minutes and once", lifetime.count());
}

Result<Waiting> Devices::find(identity::UserId asking, std::string_view user_code) {
  auto entry = waiting(asking, user_code);
  if (!entry) return fail(entry.error());
  return (*entry)->shown;
}

Result<> Devices::decide(identity::UserId asking, std::string_view user_code, State state) {
  auto entry = waiting(asking, user_code);
  if (!entry) return fail(entry.error());
  (*entry)->state = state;
  (*entry)->user = asking;
  return {};
}

Result<> Devices::approve(identity::UserId asking, std::string_view user_code) {
  return decide(asking, user_code, State::approved);
}
Result<> Devices::deny(identity::UserId asking, std::string_view user_code) {
  return decide(asking, user_code, State::denied);
}

}  // namespace temps::devices
