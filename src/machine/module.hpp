#pragma once
#include "wiring/registry.hpp"

namespace temps::machine {

extern const Module module;

}  // namespace temps::machine
