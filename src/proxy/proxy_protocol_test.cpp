#include "proxy/proxy_protocol.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/text.hpp"

namespace temps::proxy {
namespace {

using State = ProxyHeader::State;
using namespace std::string_literals;

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;

std::string version_2(char command, char kind, const std::string& rest) {
  return signature + command + kind + static_cast<char>(rest.size() / 256) +
         static_cast<char>(rest.size() % 256) + rest;
}

const std::string four = "\xcb\x00\x71\x07\x7f\x00\x00\x01\x12\x34\x01\xbb"s;
const std::string six = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07" +
                        std::string(16, '\0') + "\x12\x34\x01\xbb";

std::string client_of(const std::string& bytes) {
  const auto header = read_proxy_header(bytes);
  if (header.state == State::failed) return "failed";
  if (header.state == State::need_more) return "need_more";
  EXPECT_LE(header.bytes, bytes.size());
  return header.client ? header.client->text() : "unknown";
}

TEST(ProxyProtocol, Version1NamesTheClient) {
  const std::string line = "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n";
  const auto header = read_proxy_header(line + "GET / HTTP/1.1\r\n");
  EXPECT_EQ(header.state, State::complete);
  EXPECT_EQ(header.bytes, line.size());
  EXPECT_EQ(header.client.value().text(), "203.0.113.7");
  EXPECT_EQ(client_of("PROXY TCP6 2001:DB8::7 ::1 0 65535\r\n"), "2001:db8::7");
  EXPECT_EQ(client_of("PROXY UNKNOWN\r\n"), "unknown");
  EXPECT_EQ(client_of("PROXY UNKNOWN anything at all\r\n"), "unknown");
}

TEST(ProxyProtocol, Version1IsReadStrictly) {
  for (const auto* wrong :
       {"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\n", "PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\r\n",
        "PROXY TCP4 203.0.113.7 10.0.0.1 56324\r\n", "PROXY TCP4 203.0.113.7 10.0.0.1 1 2 3\r\n",
        "PROXY TCP4  203.0.113.7 10.0.0.1 1 2\r\n", "PROXY TCP4 203.0.113.7 ::1 1 2\r\n",
        "PROXY TCP4 2001:db8::7 ::1 1 2\r\n", "PROXY TCP6 203.0.113.7 10.0.0.1 1 2\r\n",
        "PROXY TCP4 203.0.113.7 10.0.0.1 01 2\r\n", "PROXY TCP4 203.0.113.7 10.0.0.1 1 65536\r\n",
        "PROXY TCP4 203.0.113.7 10.0.0.1 -0 2\r\n", "PROXY TCP4 203.0.113.7 10.0.0.1 1 \r\n",
        "PROXY TCP4 203.0.113.07 10.0.0.1 1 2\r\n", "PROXY UDP4 203.0.113.7 10.0.0.1 1 2\r\n",
        "PROXY \r\n", "PROXY  UNKNOWN\r\n", "proxy UNKNOWN\r\n", "GET / HTTP/1.1\r\n"})
    EXPECT_EQ(client_of(wrong), "failed") << wrong;
  EXPECT_EQ(client_of("PROXY UNKNOWN " + std::string(92, 'x') + "\r"), "failed");
  EXPECT_EQ(client_of("PROXY UNKNOWN " + std::string(91, 'x') + "\r\n"), "unknown");
}

TEST(ProxyProtocol, Version2NamesTheClient) {
  const auto header = read_proxy_header(version_2('\x21', '\x11', four) + "GET");
  EXPECT_EQ(header.bytes, 28U);
  EXPECT_EQ(header.client.value().text(), "203.0.113.7");
  EXPECT_EQ(client_of(version_2('\x21', '\x21', six)), "2001:db8::7");
  const std::string additions = "\x04\x00\x03" + "abc"s + std::string(8000, 'x');
  EXPECT_EQ(client_of(version_2('\x21', '\x11', four + additions)), "203.0.113.7");
}

bool is_by_tls(const std::string& additions) {
  return read_proxy_header(version_2('\x21', '\x11', four + additions)).by_tls;
}

TEST(ProxyProtocol, Version2SaysWhetherTheClientSpeaksTls) {
  const std::string other =
      "\x04\x00\x03"
      "abc"s;
  const std::string by_tls = "\x20\x00\x05\x01\0\0\0\0"s;
  EXPECT_TRUE(is_by_tls(by_tls));
  EXPECT_TRUE(is_by_tls(other + by_tls));
  // With what TLS version it was, and whose certificate it had.
  EXPECT_TRUE(is_by_tls("\x20\x00\x0f\x07\0\0\0\0\x21\x00\x07TLSv1.3"s));
  EXPECT_TRUE(read_proxy_header(version_2('\x21', '\x21', six + by_tls)).by_tls);
  EXPECT_FALSE(is_by_tls(""));
  EXPECT_FALSE(is_by_tls(other));
  EXPECT_FALSE(is_by_tls("\x20\x00\x05\x00\0\0\0\0"s));  // it does not
  EXPECT_FALSE(is_by_tls("\x20\x00\x04\x01\0\0\0"s));    // too short for what it is
  EXPECT_FALSE(is_by_tls("\x20\x01\x05\x01\0\0\0\0"s));  // longer than the header
  EXPECT_FALSE(is_by_tls("\x20\x00"s));
  // Who speaks for itself has no client.
  EXPECT_FALSE(read_proxy_header(version_2('\x20', '\x11', four + by_tls)).by_tls);
}

// As HAProxy 2.6 sends it with proxy-v2-options crc32c,unique-id,ssl.
TEST(ProxyProtocol, Version2OfHaproxyIsRead) {
  const auto header = from_hex(
      "0d0a0d0a000d0a515549540a211100307f0000017f000001a1c04b030300"
      "0438cf86c2"
      "05001237463030303030313a413143305f30303032"
      "2000050000000000");
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(client_of(*header), "127.0.0.1");
  EXPECT_EQ(read_proxy_header(*header + "GET / HTTP/1.1").bytes, header->size());
}

TEST(ProxyProtocol, Version2WithoutATcpClientIsUnknown) {
  EXPECT_EQ(client_of(version_2('\x20', '\x00', "")), "unknown");
  EXPECT_EQ(client_of(version_2('\x20', '\x11', four)), "unknown");  // LOCAL: to be ignored
  EXPECT_EQ(client_of(version_2('\x20', '\x7f', "")), "unknown");
  EXPECT_EQ(client_of(version_2('\x21', '\x00', "abc")), "unknown");
  EXPECT_EQ(client_of(version_2('\x21', '\x12', four)), "unknown");                   // UDP
  EXPECT_EQ(client_of(version_2('\x21', '\x31', std::string(216, 'u'))), "unknown");  // UNIX
}

TEST(ProxyProtocol, Version2IsReadStrictly) {
  EXPECT_EQ(client_of(version_2('\x11', '\x11', four)), "failed");  // of another version
  EXPECT_EQ(client_of(version_2('\x22', '\x11', four)), "failed");  // another command
  EXPECT_EQ(client_of(version_2('\x21', '\x41', four)), "failed");
  EXPECT_EQ(client_of(version_2('\x21', '\x13', four)), "failed");
  EXPECT_EQ(client_of(version_2('\x21', '\x11', four.substr(1))), "failed");
  EXPECT_EQ(client_of(version_2('\x21', '\x21', four)), "failed");
  EXPECT_EQ(client_of(version_2('\x21', '\x11', std::string(20'000, 'x'))), "failed");
}

TEST(ProxyProtocol, IsWaitedForUntilItIsWhole) {
  for (const auto& whole : {"PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n"s,
                            version_2('\x21', '\x21', six + "\x04\x00\x00"s)}) {
    for (std::size_t i = 0; i < whole.size(); ++i)
      EXPECT_EQ(client_of(whole.substr(0, i)), "need_more") << i;
    EXPECT_EQ(read_proxy_header(whole).bytes, whole.size());
  }
}

}  // namespace
}  // namespace temps::proxy
