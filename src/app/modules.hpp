// The table of contents: every plugin of `temps serve`.
#pragma once
#include <span>
#include <vector>

#include "sql/migrations.hpp"
#include "wiring/registry.hpp"

namespace temps::app {

std::vector<Module> modules();
// Of all modules, in the order in which they may refer to each other's tables.
std::vector<sql::Migration> migrations();

}  // namespace temps::app
