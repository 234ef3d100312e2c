// A command as it may stand in the audit log.
#pragma once
#include <span>
#include <string>
#include <vector>

namespace temps::commands {

// With "****" for the values of secret variables, for what is given to a name that sounds secret
// (PGPASSWORD=…, --token …), and for the password of an address.
std::vector<std::string> masked(std::vector<std::string> words,
                                std::span<const std::string> secrets);

}  // namespace temps::commands
