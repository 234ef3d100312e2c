#include "commands/masking.hpp"

#include <gtest/gtest.h>

namespace temps::commands {
namespace {

using Words = std::vector<std::string>;

Words masked_words(Words words, Words secrets = {}) { return masked(std::move(words), secrets); }

TEST(CommandMasking, LeavesOrdinaryCommandsAlone) {
  const Words plain{"npm",       "run", "migrate", "--env=production",
                    "--verbose", "a=b", "x: y",    "https://example.org/a?b=c"};
  EXPECT_EQ(masked_words(plain), plain);
}

TEST(CommandMasking, HidesTheValuesOfSecretVariables) {
  EXPECT_EQ(masked_words({"curl", "-u", "ann:hunter2hunter2"}, {"hunter2hunter2", "abc"}),
            (Words{"curl", "-u", "ann:****"}));
}

TEST(CommandMasking, HidesWhatIsGivenToANameThatSoundsSecret) {
  EXPECT_EQ(masked_words({"sh", "-c", "PGPASSWORD=a1 psql; export API_KEY='b 2'; X=1 y"}),
            (Words{"sh", "-c", "PGPASSWORD=**** psql; export API_KEY=****'; X=1 y"}));
  EXPECT_EQ(masked_words({"tool", "--password=a1", "--token", "b2", "--name", "c3"}),
            (Words{"tool", "--password=****", "--token", "****", "--name", "c3"}));
  EXPECT_EQ(masked_words({"curl", "-H", "Authorization: Bearer a1 b2", "-H", "X-Api-Key: c3"}),
            (Words{"curl", "-H", "Authorization: ****", "-H", "X-Api-Key: ****"}));
  EXPECT_EQ(masked_words({"tool", "--token", "--loud"}), (Words{"tool", "--token", "--loud"}));
}

TEST(CommandMasking, HidesThePasswordOfAnAddress) {
  EXPECT_EQ(masked_words({"psql", "postgres://ann:a1@db:5432/shop"}),
            (Words{"psql", "postgres://ann:****@db:5432/shop"}));
  EXPECT_EQ(masked_words({"sh", "-c", "psql 'postgres://ann:a@1@db/x' && curl http://a:8/@x"}),
            (Words{"sh", "-c", "psql 'postgres://ann:****@db/x' && curl http://a:8/@x"}));
}

}  // namespace
}  // namespace temps::commands
