// What nearly every test includes, compiled once (cmake/Precompiled.cmake).
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "product.hpp"
