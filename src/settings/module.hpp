#pragma once
#include "wiring/registry.hpp"

namespace temps::settings {

extern const Module module;

}  // namespace temps::settings
