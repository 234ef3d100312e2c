#include "runtime/image_reference.hpp"

#include <gtest/gtest.h>

#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

const std::string digest = "sha256:" + std::string(64, 'a');

TEST(ImageReference, IsReadAsPeopleWriteIt) {
  for (const auto& [given, text, registry] :
       std::initializer_list<std::tuple<std::string, std::string, std::string>>{
           {"nginx", "nginx:latest", "docker.io"},
           {"nginx:1.25", "nginx:1.25", "docker.io"},
           {"ann/shop", "ann/shop:latest", "docker.io"},
           {"docker.io/ann/shop:2", "ann/shop:2", "docker.io"},
           {"ghcr.io/ann/shop:v1.2-rc_1", "ghcr.io/ann/shop:v1.2-rc_1", "ghcr.io"},
           {"127.0.0.1:5000/shop", "127.0.0.1:5000/shop:latest", "127.0.0.1:5000"},
           {"localhost/shop:1", "localhost/shop:1", "localhost"},
           {"nginx@" + digest, "nginx@" + digest, "docker.io"},
           {"nginx:1.25@" + digest, "nginx@" + digest, "docker.io"}}) {
    const auto read = ImageReference::parse(given);
    ASSERT_TRUE(read.has_value()) << given << ": " << read.error().detail();
    EXPECT_EQ(read->text(), text);
    EXPECT_EQ(read->registry(), registry) << given;
    EXPECT_EQ(ImageReference::parse(read->text())->text(), text);
  }
}

TEST(ImageReference, WhatIsNoneIsRefused) {
  for (const auto& given : std::initializer_list<std::string>{"",
                                                              " ",
                                                              "Nginx",
                                                              "nginx:",
                                                              "nginx:a b",
                                                              "-nginx",
                                                              "nginx-",
                                                              "a//b",
                                                              "/nginx",
                                                              "nginx/",
                                                              "https://nginx",
                                                              "nginx@sha256:12",
                                                              "nginx@",
                                                              "ngi nx",
                                                              "../nginx",
                                                              "nginx?x=1",
                                                              "nginx#1",
                                                              "ghcr.io:x/shop",
                                                              "ghcr.io:99999/shop",
                                                              "a%2fb",
                                                              "nginx\n",
                                                              "nginx:" + std::string(200, 'a'),
                                                              std::string(600, 'a')}) {
    const auto read = ImageReference::parse(given);
    EXPECT_FALSE(read.has_value()) << given;
    if (!read) EXPECT_TRUE(read.error().is(errors::bad_image));
  }
}

}  // namespace
}  // namespace temps::runtime
