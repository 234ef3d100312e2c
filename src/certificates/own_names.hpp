// The platform's own names: the console's host, and the base domain below which apps answer. Which
// of them can have a certificate: pure decisions.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "certificates/options.hpp"
#include "routing/table.hpp"

namespace temps::certificates {

// A name that others than this machine may know: localhost, IP addresses and names of one part are
// not.
bool can_have_certificate(std::string_view host);

// "*.apps.example.com"
std::string wildcard_of(std::string_view base);

// Hosts of apps: those of the routes that are one level below the base domain.
std::vector<std::string> hosts_below(std::string_view base,
                                     const std::vector<routing::Route>& routes);

// What the certificate of an order for this name covers. The base domain itself is in the
// wildcard's, unless it is the console's, which has a certificate of its own.
std::vector<std::string> names_of_order(const std::string& name, const OwnOptions& own);

// Of so many hosts that have no order yet, how many get one now, after those that got one within
// the last hour and week. Authorities count the certificates of a domain (Let's Encrypt: 50 a
// week), and the users' own domains need some, too.
std::int64_t starts_left(std::int64_t in_hour, std::int64_t in_week);
inline constexpr std::int64_t starts_per_hour = 10;
inline constexpr std::int64_t starts_per_week = 40;

}  // namespace temps::certificates
