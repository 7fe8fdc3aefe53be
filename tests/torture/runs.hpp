// SPDX-License-Identifier: MIT
#pragma once

#include "sys/doorkeeper.hpp"
#include "torture/progress.hpp"
#include <rondo/base/detail/unique_function.hpp>
#include <rondo/testing/fault_plan.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// Runs in which something fails: each is a process of its own, so that a crash or a hang is one
/// result among others.
namespace torture {

/// What each call may fail with while the program and the kernel are sound.
std::vector<int> errors_of(rondo::testing::call what);

std::ptrdiff_t open_descriptors();

/// Runs `body`, which says what is wrong, in a child; whether it ended well. Says what was wrong.
/// After Ctrl-C it runs nothing.
bool in_child(const std::string& what, rondo::unique_function<std::string()> body);

/// How often each call is made in a run, and how many allocations.
struct counts {
    int calls[rondo::sys::call_count] = {};
    int allocations = 0;
};
/// What `body` counts in a child; none, which is said, when something is wrong already.
std::optional<counts> count_in_child(const std::string& what,
                                     rondo::unique_function<std::string(counts&)> body);

/// [MOST] [NAME]: how many calls of a kind, and allocations, fail at most (60), and in which runs;
/// in all when the name is empty.
struct selection {
    int most;
    std::string name;
};
/// Ends the program when there are more arguments.
selection limit_and_name(int argc, char** argv);

struct score {
    int runs = 0;
    int failures = 0;
    /// A run that Ctrl-C has cut short says nothing.
    void add(bool well);
    /// Says what came of all; the status to end with.
    int sum_up() const;

private:
    progress so_far_;
};

}  // namespace torture
