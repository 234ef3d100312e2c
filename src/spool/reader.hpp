// The reading end of a spool: closed segments in order, each removed by who has loaded it.
//
// A segment is loaded exactly once by who notes its id in the transaction that loads it, and asks
// for it before loading: a process that dies between commit and remove() meets the segment again.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "spool/record.hpp"
#include "spool/segment.hpp"

namespace temps::spool {

// For one thread, and one process for each folder.
class Reader {
 public:
  explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The closed segments, in the order of opening. Closes what writers have left that are gone.
  Result<std::vector<Segment>> waiting();
  // The content, for a RecordReader; at most `segment_file_bytes_max`. Fails with
  // `files.not_found` for one that had to give way to newer ones.
  static Result<std::string> read(const Segment& segment);
  // One that is gone already is no failure.
  static Result<> remove(const Segment& segment);

 private:
  std::filesystem::path folder_;
};

}  // namespace temps::spool
