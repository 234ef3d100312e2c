// A scripted HTTP origin: answers with the bytes it is given and keeps what came in.
//
//   testbed::HttpPeer peer(loop, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
//   … connect to peer.address() …
//   EXPECT_EQ(peer.requests().front().target, "/health");
//   co_await peer.close();
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

namespace temps::testbed {

class HttpPeer {
 public:
  struct Request {
    std::string method;
    std::string target;
    std::string head;  // up to and with the empty line
    std::string body;  // as long as Content-Length says
  };

  using Answerer = std::function<std::string(const Request&)>;
  // Listens on a free port of 127.0.0.1; `answer` makes the answer to each request.
  HttpPeer(net::Loop& loop, Answerer answer);
  // The n-th request gets the n-th answer, the last one for
  // all that follow. An answer without Content-Length must say "Connection: close".
  HttpPeer(net::Loop& loop, std::vector<std::string> answers);
  // close() must have ended.
  ~HttpPeer();
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  [[nodiscard]] const net::Address& address() const { return listener_.address(); }
  // "http://127.0.0.1:34567"
  [[nodiscard]] std::string url() const;
  [[nodiscard]] const std::vector<Request>& requests() const { return requests_; }
  Task<> close();

 private:
  Task<> accept();
  Task<> serve(net::Descriptor connection);
  // Nothing at the end of the stream.
  Task<bool> read_request(net::Descriptor& connection, std::string& buffer);

  net::Listener listener_;
  Answerer answer_;
  std::vector<Request> requests_;
  TaskGroup tasks_;
};

}  // namespace temps::testbed
