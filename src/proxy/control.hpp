// The control thread: looks after the table file and answers on the control socket.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "proxy/table_holder.hpp"

namespace temps::proxy {

class Control {
 public:
  // `path` may be empty: then the table file is the only way in.
  static Result<std::unique_ptr<Control>> start(const std::string& path, TableHolder& tables);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

 private:
  // One client of the socket.
  struct Session {
    int fd = -1;
    std::string input;
    std::string output;
  };
  enum class Keep : std::uint8_t { open, close };

  Control(TableHolder& tables, std::string path, int listener);
  void run();
  void accept_session();
  Keep serve(Session& session);
  void answer_lines(Session& session);
  std::string answer(std::string_view line);

  TableHolder& tables_;
  std::string path_;
  int listener_;
  int stop_event_;
  std::vector<std::unique_ptr<Session>> sessions_;
  std::thread thread_;
};

}  // namespace temps::proxy
