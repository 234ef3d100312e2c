#include "proxy/table_holder.hpp"

#include <atomic>
#include <utility>

#include "core/log.hpp"
#include "files/files.hpp"
#include "proxy/access_log.hpp"
#include "proxy/errors.hpp"
#include "proxy/loop_barrier.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t table_bytes_max = 64UL << 20U;

}  // namespace

TableHolder::TableHolder(std::string path, const std::vector<std::unique_ptr<Worker>>& workers,
                         Told told)
    : path_(std::move(path)), workers_(workers), told_(told), registries_(workers.size()) {}

std::optional<TableHolder::Stamp> TableHolder::stamp() const {
  struct stat status{};
  if (::stat(path_.c_str(), &status) != 0) return std::nullopt;
  return Stamp{status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino,
               static_cast<std::uint64_t>(status.st_size)};
}

Result<> TableHolder::load(std::optional<std::int64_t> version_min) {
  seen_ = stamp();
  auto text = files::read(path_, table_bytes_max);
  if (!text) return fail(std::move(text.error()));
  const bool is_in_force = current_ != nullptr && *text == loaded_text_;
  if (!is_in_force) {
    auto table = routing::decode_table(*text);
    if (!table) return fail(std::move(table.error()));
    if (version_min && table->version < *version_min)
      return fail(errors::old_table, "the table file holds version {}, not yet {}", table->version,
                  *version_min);
    auto snapshot = Snapshot::compile(*table, registries_);
    if (!snapshot) return fail(std::move(snapshot.error()));
    if (auto published = publish(*snapshot); !published) return published;
    current_ = std::move(*snapshot);
    loaded_text_ = std::move(*text);
    registries_.forget_unused();
    log::info("routes in force",
              {{"version", current_->version()}, {"routes", table->routes.size()}});
  }
  if (version_min && current_->version() < *version_min)
    return fail(errors::old_table, "the table file holds version {}, not yet {}",
                current_->version(), *version_min);
  failure_.clear();
  return {};
}

void TableHolder::look() {
  const auto present = stamp();
  if (current_ != nullptr && present == seen_) return;
  if (present == seen_ && !failure_.empty() && present) return;
  auto loaded = load();
  if (loaded) return;
  const std::string failure(loaded.error().detail());
  if (failure != failure_)
    log::warning(current_ == nullptr ? "no usable route table yet; serving the starting page"
                                     : "the new route table is not usable; the old one stays",
                 {{"file", path_}, {"reason", failure}});
  failure_ = failure;
}

Result<> TableHolder::publish(std::shared_ptr<const Snapshot> snapshot) {
  const auto barrier = LoopBarrier::of(workers_.size());
  for (const auto& worker : workers_)
    worker->post_table(snapshot, [arrival = LoopBarrier::Arrival(barrier)] {});
  if (const auto missing = barrier->wait(); missing > 0)
    return fail(errors::not_in_force, "{} of {} loops have not taken the new table within {} s",
                missing, workers_.size(), LoopBarrier::limit.count());
  return {};
}

routing::Report TableHolder::report() const {
  constexpr int rate_seconds = 10;
  const auto now = std::chrono::steady_clock::now();
  routing::Report report{
      .up_seconds = std::chrono::floor<std::chrono::seconds>(now - start_).count(),
      .loops = static_cast<std::int64_t>(workers_.size())};
  std::int64_t recent = 0;
  for (const auto& worker : workers_) {
    recent += worker->recent.in_last(rate_seconds, now);
    worker->answers.add_to(report.answers);
  }
  report.requests_per_second = static_cast<double>(recent) / rate_seconds;
  if (told_.access_log != nullptr) report.access_log = told_.access_log->report();
  report.kernel_tls = told_.kernel_tls;
  if (current_ == nullptr) return report;
  report.hosts = static_cast<std::int64_t>(current_->hosts());
  report.certificates = current_->shown_certificates();
  return report;
}

routing::ControlReply TableHolder::status(const routing::ControlRequest& request) {
  routing::ControlReply reply;
  reply.version = version();
  for (const auto& worker : workers_) {
    reply.connections += worker->connections.get();
    reply.requests += worker->requests.get();
  }
  if (request.report) {
    reply.report = report();
    reply.upstreams = registries_.upstreams.report();
  } else if (!request.upstream) {
    reply.upstreams = registries_.upstreams.loads();
  } else if (auto load = registries_.upstreams.load(*request.upstream)) {
    reply.upstreams.push_back(std::move(*load));
  }
  if (current_ != nullptr && request.report) {
    const auto releases = current_->releases();
    for (auto& load : reply.upstreams)
      if (const auto found = releases.find(load.id); found != releases.end())
        load.release = found->second;
  }
  registries_.upstreams.forget_unused();
  return reply;
}

}  // namespace temps::proxy
