#pragma once
#include "wiring/registry.hpp"

namespace temps::devices {

extern const Module module;

}  // namespace temps::devices
