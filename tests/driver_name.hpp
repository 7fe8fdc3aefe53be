// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/driver.hpp>

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace rondo {

/// What a test's parameter is called in the list of tests and in failures: GoogleTest looks for it
/// beside the type.
inline void PrintTo(driver_kind kind, std::ostream* to) {
    *to << (kind == driver_kind::epoll      ? "epoll"
            : kind == driver_kind::io_uring ? "io_uring"
                                            : "automatic");
}

}  // namespace rondo

namespace rondo_test {

inline std::string driver_name(const ::testing::TestParamInfo<rondo::driver_kind>& info) {
    return ::testing::PrintToString(info.param);
}

}  // namespace rondo_test
