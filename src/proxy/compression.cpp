#include "proxy/compression.hpp"

#include "core/text.hpp"
#include "http1/codings.hpp"
#include "http1/media_type.hpp"

namespace temps::proxy {
namespace {

using compress::Coding;
using http1::FieldId;

bool is_event_stream(std::string_view type) {
  constexpr std::string_view event_stream = "text/event-stream";
  return equal_ignoring_case(trimmed(cut(type, ";").first), event_stream);
}

}  // namespace

Compression::Compression(Coding coding, bool streams)
    : coding_(coding),
      streams_(streams),
      encoder_(compress::Encoder::make(coding, compress::Effort::now)) {}

std::unique_ptr<Compression> Compression::choose(Coding coding, const http1::ResponseHead& head,
                                                 std::optional<std::uint64_t> body_bytes) {
  if (head.framing == http1::Framing::none || head.status == 206) return nullptr;
  if (head.has_content_length && head.content_length < bytes_min) return nullptr;
  if (body_bytes && *body_bytes < bytes_min) return nullptr;
  const auto type = head.fields.value(FieldId::content_type);
  if (!http1::is_compressible(type) || is_event_stream(type)) return nullptr;
  if (head.fields.find(FieldId::content_encoding) != nullptr) return nullptr;
  if (http1::list_contains(head.fields.value(FieldId::cache_control), "no-transform"))
    return nullptr;
  return std::unique_ptr<Compression>(new Compression(coding, !head.has_content_length));
}

CompressedHead::CompressedHead(const http1::ResponseHead& head, Coding coding) : head_(head) {
  head_.fields.clear();
  for (const auto& field : head.fields) {
    if (field.id == FieldId::etag) {
      etag_ = (field.value.starts_with("W/") ? "" : "W/") + std::string(field.value);
      head_.fields.add(field.name, etag_);
    } else if (field.id == FieldId::vary) {
      if (!http1::list_contains(field.value, "Accept-Encoding"))
        vary_ = std::string(field.value) + ", " + vary_;
    } else if (field.id != FieldId::accept_ranges) {
      head_.fields.add(field.name, field.value);
    }
  }
  head_.fields.add("Content-Encoding", http1::name_of(coding));
  head_.fields.add("Vary", vary_);
  head_.framing = http1::Framing::chunked;
  head_.has_content_length = false;
  head_.content_length = 0;
}

void Compression::add(const Gather& body, End end, std::string& room) {
  for (const auto& part : body.data())
    encoder_->add({static_cast<const char*>(part.iov_base), part.iov_len}, room);
  if (end == End::yes) {
    encoder_->finish(room);
  } else if (streams_) {
    encoder_->flush(room);
  }
}

}  // namespace temps::proxy
