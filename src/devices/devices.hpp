// Devices: a program without a keyboard for passwords is logged in by a person in a browser that is
// (RFC 8628). It shows a short code; the person types it on the console and confirms.
//
// In memory: a login lasts ten minutes, and whoever waits through a restart begins anew.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "identity/identity.hpp"

namespace temps::devices {

struct Begun {
  Secret device_code;     // for the program alone
  std::string user_code;  // "BCDF-GHJK", for the person
};

// What the person sees before deciding.
struct Waiting {
  std::string user_code;
  std::string name;     // as the program calls itself
  std::string address;  // where it asked from
  Instant begun_at;
  Instant expires_at;
};

// Whom to make an API key for, and its name.
struct Approved {
  identity::UserId user;
  std::string name;
};

class Devices {
 public:
  static constexpr std::chrono::minutes lifetime{10};
  static constexpr std::chrono::seconds interval{2};
  static constexpr std::chrono::seconds slow_down_step{5};
  static constexpr std::size_t waiting_max = 1000;
  static constexpr std::size_t waiting_of_network_max = 10;
  // Codes that a user may get wrong in `guess_window`.
  static constexpr std::uint32_t guesses_max = 20;
  static constexpr std::chrono::minutes guess_window{15};

  explicit Devices(const Clock& clock) : clock_(clock) {}

  // Fails with `bad_name`, `too_many`.
  Result<Begun> begin(std::string name, std::string address);
  // Once. Fails with `pending`, `slow_down`, `denied`, `expired`.
  Result<Approved> collect(std::string_view device_code);

  // All take the code in any case, with or without its hyphen. Fail with `no_such_code`,
  // `too_many`.
  Result<Waiting> find(identity::UserId asking, std::string_view user_code);
  Result<> approve(identity::UserId asking, std::string_view user_code);
  Result<> deny(identity::UserId asking, std::string_view user_code);

 private:
  enum class State : std::uint8_t { waiting, approved, denied };
  struct Entry {
    Waiting shown;
    State state = State::waiting;
    identity::UserId user{};
    std::chrono::seconds pause = interval;  // wanted between two polls
    Instant polled_at{};
  };
  struct Guesses {
    Instant since;
    std::uint32_t wrong = 0;
  };
  using Entries = std::map<std::string, Entry>;  // by the hash of the device code

  void forget_old();
  Result<Entry*> waiting(identity::UserId asking, std::string_view user_code);
  Result<> decide(identity::UserId asking, std::string_view user_code, State state);

  const Clock& clock_;
  Entries entries_;
  std::map<std::int64_t, Guesses> guesses_;  // by user
};

// Eight letters without vowels and others that look or sound alike: 2 × 10^10 codes.
std::string new_user_code();

}  // namespace temps::devices
