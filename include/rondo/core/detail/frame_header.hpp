// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/config.hpp>

#include <coroutine>
#include <cstdint>
#include <source_location>

namespace rondo::detail {

/// What the scheduler and the debugging tools see of a coroutine: who goes on when it ends, where
/// it was written and at which line it waits. It comes first in the promise of each.
class frame_header {
public:
    explicit frame_header(std::source_location defined) noexcept : defined_(defined) {}
    frame_header(const frame_header&) = delete;
    frame_header& operator=(const frame_header&) = delete;

    /// Who goes on when this coroutine ends. Nobody does after a task's own coroutine: there it is
    /// where the task's next step begins.
    std::coroutine_handle<> continuation{};
    /// The coroutine of rondo's that awaits this one; in a task's own, the one where it stands.
    const frame_header* parent = nullptr;

    const std::source_location& defined() const noexcept { return defined_; }
    /// The line of the last co_await, or of the beginning.
    std::uint_least32_t line() const noexcept { return line_ != 0 ? line_ : defined_.line(); }

#if RONDO_FRAMES_MAY_BE_SHIFTED
    /// For mend_frame.
    void replace_defined(std::source_location location) noexcept { defined_ = location; }
#endif

protected:
    ~frame_header() = default;
    void set_line(std::uint_least32_t line) noexcept { line_ = line; }

private:
    std::source_location defined_;
    std::uint_least32_t line_ = 0;
};

}  // namespace rondo::detail
