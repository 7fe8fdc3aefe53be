// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/task.hpp>

namespace rondo::detail {

/// Whether Ctrl-C was pressed since the current interrupt_guard was made.
bool interrupt_requested() noexcept;

/// While it lives, the first Ctrl-C cancels the main task, and a second one kills the process.
/// Does nothing outside the main thread, or when SIGINT is handled or ignored already.
class interrupt_guard {
public:
    interrupt_guard(event_loop& loop, any_task main);
    interrupt_guard(const interrupt_guard&) = delete;
    interrupt_guard& operator=(const interrupt_guard&) = delete;
    ~interrupt_guard();

    /// Whether Ctrl-C was pressed.
    bool happened() const noexcept;

private:
    event_loop* loop_ = nullptr;  // null when Ctrl-C is not ours
};

}  // namespace rondo::detail
