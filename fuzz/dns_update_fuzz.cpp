// Any bytes as a name server's answer to an update: it is read within its bounds, and counts only
// where it is signed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dns/update.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const dns::Update update{.id = 0x1234, .zone = "b.test", .record = {"_a.b.test", "proof"}};
  const dns::Key key{.name = "temps", .secret = Secret("a key that no corpus was signed with")};
  const std::string_view answer{reinterpret_cast<const char*>(data), size};
  if (dns::check_answer(answer, update, key, "mac")) std::abort();
  return 0;
}
