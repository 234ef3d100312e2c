#pragma once
#include <vector>

#include "sql/migrations.hpp"
#include "wiring/registry.hpp"

namespace temps::sources {

extern const Module module;
std::vector<sql::Migration> migrations();

}  // namespace temps::sources
