// From the spool into the database, each segment exactly once. Private to requests.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>

#include "requests/requests.hpp"
#include "requests/retention.hpp"
#include "routing/access_record.hpp"
#include "spool/reader.hpp"

namespace temps::requests {

class Loader {
 public:
  Loader(sql::Database& database, projects::Projects& projects, net::Loop& loop,
         const Options& options, const Clock& clock, Retention& retention)
      : database_(database),
        projects_(projects),
        loop_(loop),
        clock_(clock),
        retention_(retention),
        reader_(options.spool),
        folder_(options.spool) {}

  // All that waits. Ends at the first segment that the database cannot take at the moment; one that
  // it refuses for good is left where it is.
  Task<> load();
  // Forgets the ids of segments that are long gone.
  Task<> forget_loaded();

 private:
  struct Place {
    projects::ProjectId project;
    projects::EnvironmentId environment;
  };
  // By "project/environment".
  using Places = std::map<std::string, Place, std::less<>>;

  Task<> load_segment(const spool::Segment& segment);
  Task<> store(sql::Transaction& transaction, std::string_view content, const Places& places);
  Task<Places> places();

  sql::Database& database_;
  projects::Projects& projects_;
  net::Loop& loop_;
  const Clock& clock_;
  Retention& retention_;
  spool::Reader reader_;
  std::filesystem::path folder_;
  std::set<std::string, std::less<>> refused_;  // ids
};

}  // namespace temps::requests
