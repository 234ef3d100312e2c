// From the effective settings to what each process is started with.
#pragma once
#include <string>
#include <vector>

#include "app/options.hpp"
#include "app/up.hpp"
#include "core/result.hpp"
#include "proxy/proxy.hpp"
#include "settings/settings.hpp"

namespace temps::app {

class Configuration {
 public:
  // Takes the settings' flags out of the words and, for a command that uses settings, reads them.
  // Fails with what settings::load and settings::check_flags fail with.
  static Result<Configuration> load(const std::vector<std::string>& words);

  // The words that are no settings.
  [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const { return effective_.warnings; }
  [[nodiscard]] std::string describe() const;

  // `started_as`: what the parts are started by.
  [[nodiscard]] UpOptions up(const std::string& program, const std::string& started_as) const;
  [[nodiscard]] ServeOptions serve(const std::string& program) const;
  [[nodiscard]] proxy::Options proxy() const;
  // What this process starts reaches the network as the settings say.
  void use_network() const;
  [[nodiscard]] std::string data_folder() const;
  // " --data-dir D" for commands that we print, empty where D is what they take by themselves.
  [[nodiscard]] std::string data_words() const;
  [[nodiscard]] bool has_flag(std::string_view setting) const;
  [[nodiscard]] identity::Options identity() const;
  [[nodiscard]] std::string database_url() const;
  [[nodiscard]] std::string docker_socket() const;

 private:
  settings::Effective effective_;
  std::vector<std::string> rest_;
};

}  // namespace temps::app
