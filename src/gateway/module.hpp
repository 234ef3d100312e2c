#pragma once
#include "wiring/registry.hpp"

namespace temps::gateway {

extern const Module module;

}  // namespace temps::gateway
