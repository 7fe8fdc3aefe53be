// SPDX-License-Identifier: MIT
#pragma once

#include "driver/descriptors.hpp"
#include "driver_name.hpp"
#include <rondo/core/driver.hpp>

#include <chrono>
#include <system_error>

#include <gtest/gtest.h>

namespace rondo_test {

inline constexpr auto both = rondo::io_events::read | rondo::io_events::write;

/// What every driver over the kernel does, on each that works here.
class kernel_driver : public ::testing::TestWithParam<rondo::driver_kind> {
protected:
    void SetUp() override {
        try {
            io = rondo::detail::make_driver(GetParam());
        } catch (const std::system_error& e) {
            GTEST_SKIP() << e.what();
        }
    }

    /// One poll that does not wait.
    void look() const { io->poll({rondo::time_point::min(), false}); }
    /// One poll that waits; how long it took.
    rondo::nanoseconds wait(rondo::nanoseconds at_most) const {
        const rondo::time_point before = io->now();
        io->poll({before + at_most, false});
        return io->now() - before;
    }
    /// Whether polls that wait do wait, when nothing is there to tell. A few may be interrupted: a
    /// ring that was closed before this test does that, a little later.
    bool is_quiet_for(rondo::nanoseconds length) const {
        const rondo::time_point end = io->now() + length;
        int polls = 0;
        for (; io->now() < end; ++polls) {
            io->poll({end, false});
        }
        return polls < 100;
    }
    /// Ends the watch, as everybody does before closing the descriptor.
    void forget(rondo::fd_watch& watch) const { io->watch(watch, rondo::io_events::none); }

    rondo::box<rondo::driver> io;
};

}  // namespace rondo_test

using rondo_test::both;
using rondo_test::kernel_driver;
