#include "process/process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "files/files.hpp"
#include "process/packages.hpp"

namespace temps::process {
namespace {

// Sets a variable for one test.
class Setting {
 public:
  Setting(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) before_ = old;
    value ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Setting() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(BaseEnvironment, GivesProxiesInBothCases) {
  const Setting upper("HTTPS_PROXY", "http://proxy:3128");
  const Setting lower("https_proxy", nullptr);
  const auto environment = base_environment();
  EXPECT_EQ(environment.at("https_proxy"), "http://proxy:3128");
  EXPECT_EQ(environment.at("HTTPS_PROXY"), "http://proxy:3128");
}

TEST(BaseEnvironment, SaysWhatTheSettingsDecided) {
  const Setting host("no_proxy", "localhost");
  const Setting upper("NO_PROXY", "localhost");
  decide("no_proxy", "10.0.0.0/8");
  EXPECT_EQ(base_environment().at("no_proxy"), "10.0.0.0/8");
  EXPECT_EQ(base_environment().at("NO_PROXY"), "10.0.0.0/8");
  decide("no_proxy", "");
  EXPECT_FALSE(base_environment().contains("no_proxy"));
  EXPECT_FALSE(base_environment().contains("NO_PROXY"));
}

TEST(BaseEnvironment, PassesCertificatesOnAndNothingElse) {
  const Setting certificates("NODE_EXTRA_CA_CERTS", "/etc/ca.pem");
  const Setting secret("TEMPS_SECRET_OF_OURS", "hidden");
  const Setting empty("SSL_CERT_FILE", "");
  const auto environment = base_environment();
  EXPECT_EQ(environment.at("NODE_EXTRA_CA_CERTS"), "/etc/ca.pem");
  EXPECT_FALSE(environment.contains("TEMPS_SECRET_OF_OURS"));
  EXPECT_FALSE(environment.contains("SSL_CERT_FILE"));
}

TEST(BaseEnvironment, AlwaysHasAPathAHomeAndALanguage) {
  const Setting path("PATH", nullptr);
  const Setting home("HOME", nullptr);
  const Setting language("LANG", nullptr);
  const auto environment = base_environment();
  EXPECT_NE(environment.at("PATH").find("/usr/bin"), std::string::npos);
  EXPECT_EQ(environment.at("HOME"), "/");
  EXPECT_EQ(environment.at("LANG"), "C.UTF-8");
}

TEST(FindProgram, LooksInPathFirst) {
  const files::TemporaryFolder folder;
  ASSERT_TRUE(files::write_atomically(folder.path() / "temps-made-up", "", 0755));
  ASSERT_TRUE(files::write_atomically(folder.path() / "temps-text", "", 0644));
  const Setting path("PATH", (":" + folder.path().native()).c_str());
  EXPECT_EQ(find_program("temps-made-up"), (folder.path() / "temps-made-up").native());
  EXPECT_FALSE(find_program("temps-text"));
  EXPECT_FALSE(find_program("no-such-program"));
}

TEST(MissingProgram, NamesThePackageWhereItIsKnown) {
  EXPECT_EQ(missing_program("initdb"),
            "initdb is not installed. Install it: apt-get install postgresql");
  EXPECT_EQ(missing_program("node"), "node is not installed. Install it: apt-get install nodejs");
  EXPECT_FALSE(package_of("something-else"));
}

TEST(StartTime, TellsLivingProcessesFromOthers) {
  EXPECT_TRUE(start_time(::getpid()));
  EXPECT_EQ(start_time(::getpid()), start_time(::getpid()));
  EXPECT_FALSE(start_time(-1));
}

}  // namespace
}  // namespace temps::process
