// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/testing/run.hpp>

namespace rondo::testing {

/// Runs `scenario()` again and again on the simulated driver, and cancels its task at the first
/// suspension of any task, then at the second, and so on, until a run ends before its turn.
///
/// A leak throws leak_error, a hang deadlock_error. `check` is called after each run: for counting
/// that nothing was lost. Errors other than cancelled_error that escape from the scenario are
/// thrown, with the number of the run, as runtime_error.
/// Returns the number of suspensions at which it cancelled.
int cancel_sweep(unique_function<coro<void>()> scenario, unique_function<void()> check = {});

}  // namespace rondo::testing
