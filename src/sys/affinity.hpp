// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

/// Which cores a thread may run on.
namespace rondo::sys {

/// Those that this thread may use; empty when the kernel does not tell.
std::vector<int> usable_cores();
/// How many cores the machine has, whoever may use them; at least one.
int online_cores() noexcept;

/// Keeps this thread to one core until the end of the scope. Where the kernel refuses, the thread
/// runs where it ran before: that is slower, but not wrong.
class pinned_thread {
public:
    /// Negative: nothing is changed.
    explicit pinned_thread(int core) noexcept;
    pinned_thread(const pinned_thread&) = delete;
    pinned_thread& operator=(const pinned_thread&) = delete;
    ~pinned_thread();

private:
    std::vector<int> before_;
};

}  // namespace rondo::sys
