// The proxy's report as Prometheus reads it (text exposition format 0.0.4).
#pragma once
#include <string>

#include "routing/table.hpp"

namespace temps::proxy {

std::string metrics_text(const routing::ControlReply& reply);

}  // namespace temps::proxy
