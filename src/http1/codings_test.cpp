#include "http1/codings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::http1 {
namespace {

using testing::ElementsAre;

TEST(Codings, OfSiblingsFollowTheClientsQualities) {
  const auto names = [](std::string_view accept) {
    std::vector<std::string_view> found;
    for (const auto& sibling : accepted_siblings(accept)) found.push_back(sibling.name);
    return found;
  };
  EXPECT_THAT(names("gzip, deflate, br, zstd"), ElementsAre("br", "zstd", "gzip"));
  EXPECT_THAT(names("gzip;q=1.0, br;q=0.5"), ElementsAre("gzip", "br"));
  EXPECT_THAT(names("BR ; q=0.001, gzip;q=0"), ElementsAre("br"));
  EXPECT_THAT(names("identity, *"), ElementsAre());
}

TEST(Codings, OfStreamsAreWhatMakesTheLeastWork) {
  EXPECT_EQ(coding_for("gzip, deflate, br, zstd"), compress::Coding::zstd);
  EXPECT_EQ(coding_for("gzip;q=0.5, br;q=0.8"), compress::Coding::brotli);
  EXPECT_EQ(coding_for("gzip;q=0, identity"), std::nullopt);
  EXPECT_EQ(coding_for(""), std::nullopt);
}

}  // namespace
}  // namespace temps::http1
