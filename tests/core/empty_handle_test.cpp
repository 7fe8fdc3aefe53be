// SPDX-License-Identifier: MIT
#include <rondo/core/task.hpp>

#include <gtest/gtest.h>

using namespace rondo;

TEST(an_empty_handle, says_that_it_is_empty) {
    const task<> none;
    EXPECT_FALSE(none);
}

#ifndef NDEBUG
TEST(empty_handle_death, an_empty_handle_has_no_task) {
    const task<> none;
    EXPECT_DEATH(static_cast<void>(none.done()), "this handle has no task");
    EXPECT_DEATH(static_cast<void>(none.operator co_await()), "this handle has no task");
}
#endif
