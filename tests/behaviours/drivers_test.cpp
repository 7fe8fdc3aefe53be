// SPDX-License-Identifier: MIT
#include "behaviour.hpp"

INSTANTIATE_TEST_SUITE_P(on, behaviour, ::testing::Values("epoll", "io_uring", "sim"),
                         [](const auto& driver_name) { return std::string(driver_name.param); });
