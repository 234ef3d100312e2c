#pragma once
#include "wiring/registry.hpp"

namespace temps::commands {

extern const Module module;

}  // namespace temps::commands
