#include "vault/vault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "files/files.hpp"

namespace temps::vault {
namespace {

using testing::HasSubstr;
using testing::Not;

struct VaultTest : testing::Test {
  files::TemporaryFolder folder;
  Options options{.key_file = folder.path() / "keys" / "secrets.key"};
};

TEST_F(VaultTest, MakesItsKeyOnceForItsOwnerOnly) {
  Vault vault(options);
  ASSERT_TRUE(vault.prepare().has_value());
  struct stat status{};
  ASSERT_EQ(::stat(options.key_file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto key = files::read(options.key_file).value();
  const auto sealed = vault.seal(Secret("hunter2"), "a");
  ASSERT_TRUE(sealed.has_value());
  EXPECT_THAT(*sealed, Not(HasSubstr("hunter2")));
  Vault later(options);
  EXPECT_EQ(later.open(*sealed, "a").value().reveal(), "hunter2");
  EXPECT_EQ(files::read(options.key_file).value(), key);
}

TEST_F(VaultTest, OpensNothingAtAnotherPlaceOrWithAnotherKey) {
  Vault vault(options);
  const auto sealed = vault.seal(Secret("hunter2"), "a").value();
  EXPECT_TRUE(vault.open(sealed, "b").error().is(errors::other_key));
  const Options elsewhere{.key_file = folder.path() / "other.key"};
  Vault other(elsewhere);
  EXPECT_THAT(std::string(other.open(sealed, "a").error().detail()), HasSubstr("other.key"));
}

TEST_F(VaultTest, RefusesAKeyFileThatOthersMayReadOrThatIsBroken) {
  ASSERT_TRUE(Vault(options).prepare().has_value());
  ASSERT_EQ(::chmod(options.key_file.c_str(), 0640), 0);
  const auto open_to_all = Vault(options).prepare();
  EXPECT_TRUE(open_to_all.error().is(errors::bad_key_file));
  EXPECT_THAT(std::string(open_to_all.error().detail()), HasSubstr("chmod 600"));
  for (const auto* text : {"", "short", "!!!!", "AAAA\nAAAA\n"}) {
    ASSERT_TRUE(files::write_atomically(options.key_file, text, 0600).has_value());
    EXPECT_TRUE(Vault(options).prepare().error().is(errors::bad_key_file)) << text;
    EXPECT_EQ(files::read(options.key_file).value(), text) << "the broken file was replaced";
  }
}

}  // namespace
}  // namespace temps::vault
