#pragma once
#include "wiring/registry.hpp"

namespace temps::git {

extern const Module module;

}  // namespace temps::git
