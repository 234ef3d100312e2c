// bench_load: puts load on a proxy of this machine and prints one line of JSON.
#include <fmt/format.h>

#include <csignal>
#include <span>

#include "proxy/idle_load.hpp"
#include "proxy/load.hpp"

namespace {

using temps::bench::Totals;

double microseconds(std::chrono::nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1000;
}

void print(const Totals& totals) {
  fmt::print(
      R"({{"answers": {}, "failures": {}, "refusals": {}, "connections": {}, "resumed": {}, )"
      R"("bytes": {}, "seconds": {:.3f}, "median_us": {:.1f}, "p99_us": {:.1f}, "max_us": {:.1f}, )"
      R"("first_failure": "{}"}})"
      "\n",
      totals.answers, totals.failures, totals.refusals, totals.connections, totals.resumed,
      totals.bytes, totals.seconds, microseconds(totals.latencies.quantile(0.5)),
      microseconds(totals.latencies.quantile(0.99)), microseconds(totals.latencies.max()),
      totals.first_failure);
}

}  // namespace

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto options = temps::bench::parse_options({words, static_cast<std::size_t>(count)});
  if (!options) return 2;
  if (options->mode == temps::bench::Mode::idle) return temps::bench::run_idle(*options) ? 0 : 1;
  print(temps::bench::Load(*options).run());
  return 0;
}
