// Whose turn it is among releases that share the visitors, where some are static trees.
#pragma once
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/exchange.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

// The branch of the visitor's cookie, or the one whose turn it is on this loop; apps that take no
// requests leave their turns to the others.
const Branch& next_branch(Worker& worker, const Target& split, const http1::RequestHead& head);
// Has the visitor to be told to stay with this tree? Then what to set; else empty. An app does that
// by itself.
std::string cookie_of(const Branch& branch, const Exchange& exchange,
                      const http1::RequestHead& head);
// What has become of an app that was chosen from an older table: the same release, or else another
// one; the target itself where it is no split.
const Target& app_of(const Target& target, std::string_view release);

}  // namespace temps::proxy
