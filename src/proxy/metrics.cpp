#include "proxy/metrics.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "routing/latency.hpp"

namespace temps::proxy {
namespace {

using routing::Answers;
using routing::UpstreamLoad;

struct Label {
  std::string_view name;
  std::string_view value;
};
using Labels = std::vector<Label>;

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  template <class Value>
  void sample(const Labels& labels, Value value, std::string_view suffix = {}) {
    out_.append(name_).append(suffix);
    char before = '{';
    for (const auto& label : labels) {
      out_ += fmt::format("{}{}=\"{}\"", before, label.name, escaped(label.value));
      before = ',';
    }
    if (!labels.empty()) out_ += '}';
    out_ += fmt::format(" {}\n", value);
  }
  void histogram(Labels labels, const Answers& answers) {
    std::int64_t below = 0;
    labels.push_back({.name = "le", .value = {}});
    for (std::size_t i = 0; i < answers.latencies.size(); ++i) {
      below += answers.latencies[i];
      const auto end = routing::latency_bucket_end(i);
      const auto text = end ? fmt::format("{:.6g}", *end) : std::string("+Inf");
      labels.back().value = text;
      sample(labels, below, "_bucket");
    }
    labels.pop_back();
    sample(labels, static_cast<double>(answers.total_micros) / 1e6, "_sum");
    sample(labels, below, "_count");
  }
  std::string take() { return std::move(out_); }

 private:
  std::string name_;
  std::string out_;
};

void add_classes(Text& text, Labels labels, const Answers& answers) {
  const std::array<std::pair<std::string_view, std::int64_t>, 5> classes{
      {{"1xx", answers.interim},
       {"2xx", answers.success},
       {"3xx", answers.redirect},
       {"4xx", answers.client_error},
       {"5xx", answers.server_error}}};
  labels.push_back({.name = "class", .value = {}});
  for (const auto& [name, count] : classes) {
    labels.back().value = name;
    text.sample(labels, count);
  }
}

void add_proxy(Text& text, const routing::ControlReply& reply, const routing::Report& report) {
  text.family("temps_proxy_uptime_seconds", "gauge", "Time since the proxy started.");
  text.sample({}, report.up_seconds);
  text.family("temps_proxy_table_version", "gauge", "Version of the route table in force.");
  text.sample({}, reply.version);
  text.family("temps_proxy_hosts", "gauge", "Hosts in the route table.");
  text.sample({}, report.hosts);
  text.family("temps_proxy_connections", "gauge", "Open connections of clients.");
  text.sample({}, reply.connections);
  text.family("temps_proxy_requests_total", "counter", "Requests that have begun.");
  text.sample({}, reply.requests);
  text.family("temps_proxy_responses_total", "counter", "Answers by class of status.");
  add_classes(text, {}, report.answers);
  text.family("temps_proxy_aborted_total", "counter", "Requests whose client was gone too early.");
  text.sample({}, report.answers.none);
  text.family("temps_proxy_response_seconds", "histogram",
              "Time from a request's head to the last byte of its answer.");
  text.histogram({}, report.answers);
}

Labels labels_of(const UpstreamLoad& load) {
  return {{.name = "upstream", .value = load.id}, {.name = "release", .value = load.release}};
}

void add_upstreams(Text& text, const std::vector<UpstreamLoad>& upstreams) {
  text.family("temps_upstream_in_flight", "gauge", "Requests and upgraded connections.");
  for (const auto& load : upstreams) text.sample(labels_of(load), load.in_flight);
  text.family("temps_upstream_failures_total", "counter",
              "Requests that the upstream refused, cut off or did not answer in time.");
  for (const auto& load : upstreams) text.sample(labels_of(load), load.failures);
  text.family("temps_upstream_responses_total", "counter", "Answers by class of status.");
  for (const auto& load : upstreams)
    if (load.answers) add_classes(text, labels_of(load), *load.answers);
  text.family("temps_upstream_response_seconds", "histogram",
              "Time from sending a request on to the first byte of its answer.");
  for (const auto& load : upstreams)
    if (load.answers) text.histogram(labels_of(load), *load.answers);
}

void add_certificates(Text& text, const std::vector<routing::CertificateShown>& certificates) {
  text.family("temps_certificate_expiry_timestamp_seconds", "gauge",
              "When the certificate expires, in seconds since 1970.");
  for (const auto& certificate : certificates)
    if (certificate.expires != 0 && !certificate.names.empty())
      text.sample({{.name = "name", .value = certificate.names.front()}}, certificate.expires);
}

}  // namespace

std::string metrics_text(const routing::ControlReply& reply) {
  const auto report = reply.report.value_or(routing::Report{});
  Text text;
  add_proxy(text, reply, report);
  add_upstreams(text, reply.upstreams);
  add_certificates(text, report.certificates);
  return text.take();
}

}  // namespace temps::proxy
