// A migrated database, a project "shop", and a spool to write requests into. For tests only.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "projects/module.hpp"
#include "requests/module.hpp"
#include "requests/requests.hpp"
#include "routing/access_record.hpp"
#include "spool/output.hpp"
#include "spool/segment.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::requests {

struct RequestsTest : testbed::DatabaseTest {
  files::TemporaryFolder folder;
  FakeClock clock;
  projects::Projects projects{database, clock};
  Options options{.spool = folder.path() / "requests"};
  Requests requests{database, projects, loop, options, clock};
  spool::Output output{{.folder = options.spool}, clock};
  projects::Project shop;

  RequestsTest() {
    const auto prepared = loop.run([](RequestsTest& self) -> Task<> {
      auto all = projects::migrations();
      for (auto& migration : migrations()) all.push_back(migration);
      co_await sql::migrate(self.database, all);
      self.shop = co_await self.projects.create("shop");
    }(*this));
    EXPECT_TRUE(prepared.has_value()) << prepared.error().detail();
  }

  routing::AccessRecord request(std::string_view path, std::uint32_t status = 200) const {
    return {.time = clock.now(),
            .duration = std::chrono::microseconds{1500},
            .status = status,
            .sent_bytes = 5,
            .method = "GET",
            .host = "shop.localhost",
            .path = path,
            .client = "127.0.0.1",
            .release = "shop/production/12"};
  }
  // One after the other, a second apart.
  void spool(const std::vector<routing::AccessRecord>& records) {
    for (auto record : records) {
      std::string bytes;
      routing::encode(bytes, record);
      ASSERT_TRUE(output.append(bytes));
    }
  }
  // As a segment of its own, loaded.
  Task<> load(std::vector<routing::AccessRecord> records) {
    spool(records);
    co_await output.close();
    clock.advance(std::chrono::seconds{1});
    co_await requests.load();
  }
  std::vector<spool::Segment> on_disk() const { return spool::segments(options.spool).value(); }

  // Of the shop, the newest first.
  Task<std::vector<std::string>> paths(Filter filter = {}) {
    std::vector<std::string> found;
    for (const auto& request : co_await requests.list(shop.id, filter, {}, 100'000)) {
      found.push_back(request.path);
    }
    co_return found;
  }
};

}  // namespace temps::requests
