#pragma once
#include "wiring/registry.hpp"

namespace temps::dashboard {

extern const Module module;

}  // namespace temps::dashboard
