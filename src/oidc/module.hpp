#pragma once
#include <vector>

#include "sql/migrations.hpp"
#include "wiring/registry.hpp"

namespace temps::oidc {

std::vector<sql::Migration> migrations();
extern const Module module;

}  // namespace temps::oidc
