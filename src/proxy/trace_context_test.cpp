#include "proxy/trace_context.hpp"

#include <gtest/gtest.h>

#include <string>

namespace temps::proxy {
namespace {

const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, ATraceparentHasOneForm) {
  EXPECT_TRUE(is_traceparent(good));
  EXPECT_TRUE(is_traceparent("cc" + good.substr(2)));
  EXPECT_TRUE(is_traceparent("cc" + good.substr(2) + "-what-the-future-brings"));
  for (const auto& wrong :
       {std::string(), good.substr(1), good + "-x", "ff" + good.substr(2),
        "cc" + good.substr(2) + "x", "00-0AF7651916CD43DD8448EB211C80319C" + good.substr(35),
        "00-" + std::string(32, '0') + good.substr(35),
        good.substr(0, 36) + std::string(16, '0') + "-01", good.substr(0, 53) + "0g",
        good.substr(0, 35) + "_" + good.substr(36), "cc" + good.substr(2) + std::string(300, '-')})
    EXPECT_FALSE(is_traceparent(wrong)) << wrong;
}

TEST(TraceContext, ATraceTakesTheRequestsIdWhereItHasTheForm) {
  const std::string id = "0af7651916cd43dd8448eb211c80319c";
  const std::string other = "11111111111111112222222222222222";
  const auto text = [](const TraceParent& trace) { return std::string(text_of(trace)); };
  EXPECT_EQ(text(begin_trace(id, other)), "00-" + id + "-2222222222222222-00");
  EXPECT_EQ(text(begin_trace("abc-123", other)), "00-" + other + "-2222222222222222-00");
  EXPECT_EQ(text(begin_trace(std::string(32, '0'), other)), "00-" + other + "-2222222222222222-00");
  EXPECT_TRUE(is_traceparent(text(begin_trace(id, other))));
}

TEST(TraceContext, TwoOfThemAreNone) {
  http1::Fields fields;
  EXPECT_FALSE(is_in_trace(fields));
  fields.add("TraceParent", good);
  EXPECT_TRUE(is_in_trace(fields));
  fields.add("traceparent", good);
  EXPECT_FALSE(is_in_trace(fields));
}

}  // namespace
}  // namespace temps::proxy
