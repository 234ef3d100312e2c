// A DNS server on 127.0.0.1 that knows what the test tells it.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/concurrency.hpp"
#include "net/descriptor.hpp"
#include "net/loop.hpp"

namespace temps::testbed {

class DnsPeer {
 public:
  explicit DnsPeer(net::Loop& loop);
  // close() must have ended.
  ~DnsPeer();
  DnsPeer(const DnsPeer&) = delete;
  DnsPeer& operator=(const DnsPeer&) = delete;

  // "127.0.0.1:34567"
  [[nodiscard]] std::string address() const;
  // Every name has the address 127.0.0.1, but these do not exist.
  void forget(std::string name) { missing_.insert(std::move(name)); }
  void remember(const std::string& name) { missing_.erase(name); }
  // A TXT record beside those that are there.
  void add_text(std::string name, std::string value) {
    texts_.emplace(std::move(name), std::move(value));
  }
  void remove_text(const std::string& name, const std::string& value);
  [[nodiscard]] std::size_t texts() const { return texts_.size(); }
  Task<> close();

 private:
  Task<> serve();
  [[nodiscard]] std::string answer_to(std::string_view query) const;

  net::Descriptor socket_;
  std::set<std::string> missing_;
  std::multimap<std::string, std::string> texts_;
  TaskGroup tasks_;
};

}  // namespace temps::testbed
