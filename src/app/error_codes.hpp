// Every error code that a problem document can carry, for the pages that explain them.
#pragma once
#include "dashboard/dashboard.hpp"

namespace temps::app {

void explain_error_codes(dashboard::Explanations& explanations);

}  // namespace temps::app
