#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "runtime/docker_api.hpp"
#include "runtime/open_file.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

constexpr std::chrono::minutes import_limit{10};
constexpr std::size_t answer_bytes_max = std::size_t{1} << 20U;

std::string target_of(const ImageImport& import) {
  const auto [repository, tag] = cut(import.name, ":");
  auto target = fmt::format("/images/create?fromSrc=-&repo={}&tag={}", percent_encoded(repository),
                            percent_encoded(tag));
  for (const auto& change : import.changes) target += "&changes=" + percent_encoded(change);
  return target;
}

// The engine reports a failure inside the stream of a good answer.
std::string error_in(std::string_view answer) {
  for (const auto line : split(answer, '\n')) {
    const auto object = json::decode<json::Value>(trimmed(line));
    if (!object) continue;
    if (auto words = text_of((*object)["error"]); !words.empty()) return words;
    if (auto words = text_of((*object)["message"]); !words.empty()) return words;
  }
  return {};
}

Task<> run_import(DockerApi& api, const ImageImport& import) {
  OpenFile file(import.archive, OpenFile::For::reading);
  http::ClientRequest request{.method = "POST", .target = target_of(import)};
  request.headers.add("Content-Type", "application/x-tar");
  request.body_stream = [&file] { return file.next_piece(); };
  auto exchange = co_await api.open(std::move(request));
  std::string answer;
  for (auto piece = co_await exchange->read(); !piece.empty(); piece = co_await exchange->read()) {
    if (answer.size() < answer_bytes_max) answer += piece;
  }
  const auto words = error_in(answer);
  if (exchange->status() == 200 && words.empty()) co_return;
  co_await fail(errors::import_failed, "the container engine did not take the image {}: {}",
                import.name, words);
}

}  // namespace

Task<> import_image(net::Loop& loop, ImageImport import) {
  DockerApi api(loop, import.socket);
  co_await within(import_limit, run_import(api, import));
}

}  // namespace temps::runtime
