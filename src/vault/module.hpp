#pragma once
#include "wiring/registry.hpp"

namespace temps::vault {

extern const Module module;

}  // namespace temps::vault
