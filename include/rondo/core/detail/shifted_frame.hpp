// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/config.hpp>

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

/// Refuses or sets right a frame that begins `shift` bytes behind its block.
template <class Promise>
[[gnu::cold]] void mend(std::coroutine_handle<Promise> block, std::size_t shift) {
    if constexpr (std::is_base_of_v<frame_header, Promise> && alignof(Promise) == alignof(void*)) {
        auto* const begin = static_cast<std::byte*>(block.address());
        Promise& promise = std::coroutine_handle<Promise>::from_address(begin + shift).promise();
        mend_frame(begin, shift, promise, __builtin_addressof(promise) + 1);
    } else {
        refuse_frame();
    }
}

/// Whether a coroutine that has not begun can be resumed by `frame`, which was made from its
/// promise; if not, it is set right. Whoever takes one over calls this before anything else.
///
/// A frame begins with two function pointers, the promise follows, and then the handle by which the
/// coroutine knows itself. GCC before 12.3 puts the variables that it makes for `if (co_await …)`,
/// `while`, `for`, `do` and `switch` in front of them when the outermost block of the coroutine
/// declares no variable (its bug 106188). The two handles differ then, and the body would never
/// run.
template <class Promise>
[[gnu::always_inline]] inline void check_frame(std::coroutine_handle<Promise> frame) {
    void* self;
    __builtin_memcpy(&self, __builtin_addressof(frame.promise()) + 1, sizeof self);
    if (self != frame.address()) [[unlikely]] {
        const auto shift = static_cast<std::byte*>(frame.address()) - static_cast<std::byte*>(self);
        detail::mend(std::coroutine_handle<Promise>::from_address(self),
                     static_cast<std::size_t>(shift));
    }
}

/// The first await of a coroutine that others take over in many places: it checks its frame itself.
/// The constructor gets the promise, await_suspend() the handle by which the coroutine knows
/// itself; one byte tells them apart. A coro does not begin with it: GCC would no longer make the
/// beginning a part of the call that creates the coroutine, which takes some 20 instructions.
class start_awaiter : public std::suspend_always {
public:
    explicit start_awaiter(const void* promise) noexcept
        : promise_(static_cast<std::uint8_t>(reinterpret_cast<std::uintptr_t>(promise))) {}

    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> self) const {
        const auto in_front = reinterpret_cast<std::uintptr_t>(self.address()) + 2 * sizeof(void*);
        const auto shift = static_cast<std::uint8_t>(promise_ - in_front);
        if (shift != 0) [[unlikely]] {
            detail::mend(self, shift);
        }
    }

private:
    std::uint8_t promise_;
};

#else

template <class Promise>
void check_frame(std::coroutine_handle<Promise>) noexcept {}

class start_awaiter : public std::suspend_always {
public:
    explicit start_awaiter(const void*) noexcept {}
};

#endif

}  // namespace rondo::detail
