// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/config.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace rondo::detail {

class frame_header;

#if RONDO_FRAMES_MAY_BE_SHIFTED

/// Sets right a frame that begins `shift` bytes behind its block; `self` is where the coroutine
/// keeps its own handle.
void mend_frame(void* block, std::size_t shift, frame_header& header, void* self);
/// Of a coroutine that cannot be set right.
[[noreturn]] void refuse_frame() noexcept;

/// What each coroutine of rondo awaits first.
///
/// A frame begins with two function pointers, the promise follows. GCC before 12.3 puts the
/// variables that it makes for `if (co_await …)`, `while`, `for`, `do` and `switch` in front of
/// them when the outermost block of the coroutine declares no variable (its bug 106188). A handle
/// made from the promise and one made from the frame differ then, and the body never runs. This is
/// where both meet: get_return_object() made the first, await_suspend() gets the second. One byte
/// tells the difference, and the compiler, which knows the layout, drops the comparison.
class start_awaiter {
public:
    explicit start_awaiter(const void* promise) noexcept : low_(low(promise) - promise_offset) {}

    static bool await_ready() noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> frame) const {
        static_assert(alignof(Promise) <= promise_offset);
        const std::uint8_t shift = low_ - low(frame.address());
        if (shift != 0) [[unlikely]] {
            mend(frame, shift);
        }
    }
    static void await_resume() noexcept {}

private:
    static constexpr std::uint8_t promise_offset = 2 * sizeof(void*);
    static std::uint8_t low(const void* address) noexcept {
        return static_cast<std::uint8_t>(reinterpret_cast<std::uintptr_t>(address));
    }

    template <class Promise>
    static void mend(std::coroutine_handle<Promise> frame, std::size_t shift) {
        if constexpr (std::is_base_of_v<frame_header, Promise> &&
                      alignof(Promise) == alignof(void*)) {
            auto* const block = static_cast<std::byte*>(frame.address());
            Promise& promise =
                std::coroutine_handle<Promise>::from_address(block + shift).promise();
            mend_frame(block, shift, promise, __builtin_addressof(promise) + 1);
        } else {
            refuse_frame();
        }
    }

    std::uint8_t low_;
};

#else

/// What each coroutine of rondo awaits first.
class start_awaiter : public std::suspend_always {
public:
    explicit start_awaiter(const void*) noexcept {}
};

#endif

}  // namespace rondo::detail
