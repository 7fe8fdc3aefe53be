// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/system_call.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace rondo::testing {

/// The system calls that a fault_plan knows: call::recv, call::open …
using call = detail::system_call;

/// What the kernel is to refuse: for code that must survive a full disk, a connection that is
/// reset, a process that has run out of descriptors.
///
///     rondo::testing::fault_plan plan;
///     plan.fail(rondo::testing::call::write, 3, ENOSPC);
///     rondo::testing::run(main_(), {.faults = &plan});
///
/// It counts and fails the calls of the thread in which the loop runs, and of the functions that
/// run in threads for it, such as those behind files. Calls are counted from one, from the creation
/// of the plan. Simulated sockets are refused like real ones. Never refused: what wakes a loop, and
/// a close() whose result nobody sees. Lives longer than the run. Threads: any.
class fault_plan {
public:
    fault_plan();
    fault_plan(const fault_plan&) = delete;
    fault_plan& operator=(const fault_plan&) = delete;
    ~fault_plan();

    // ---- what is to fail
    /// The nth call of this kind gives `error`, such as ECONNRESET, and so do the following ones:
    /// `times` in all. EINTR makes rondo ask again.
    void fail(call what, int nth, int error, int times = 1);
    /// The nth call, of whatever kind.
    void fail_any(int nth, int error, int times = 1);
    /// Reads and writes of files move at most so many bytes, as the kernel may do at any time. 0:
    /// no limit.
    void shorten(std::size_t most) noexcept;

    // ---- what has happened
    /// How many calls of this kind there were.
    int calls(call what) const noexcept;
    /// Every call in order, failed or not.
    std::vector<call> history() const;
    /// How many calls were failed.
    int failed() const noexcept;
    /// "recv 3: Connection reset by peer": those that were failed, a line for each.
    std::string describe() const;

    /// Puts a plan into effect in this thread, for as long as it lives; null: none. `run` makes
    /// one.
    class guard final {
    public:
        explicit guard(fault_plan* plan);
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;
        ~guard();

    private:
        class interceptor;

        box<interceptor> interceptor_;
    };

private:
    class record;

    box<record> record_;
};

}  // namespace rondo::testing
