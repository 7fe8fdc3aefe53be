// SPDX-License-Identifier: MIT
#include "base/more_stack.hpp"

#include "sys/memory.hpp"
#include <rondo/base/detail/config.hpp>

#include <cstdint>

#include <ucontext.h>
#if RONDO_ADDRESS_SANITIZED
#include <sanitizer/common_interface_defs.h>
#elif RONDO_THREAD_SANITIZED
#include <sanitizer/tsan_interface.h>
#endif

namespace rondo::detail {

namespace {

/// One stack and the call that runs on it. The sanitizers are told of each change of stacks.
class excursion {
public:
    excursion(void (*fn)(void*) noexcept, void* argument, void* stack) noexcept
        : fn_(fn), argument_(argument), stack_(stack) {}

    /// False where contexts cannot be made.
    bool go() noexcept {
        if (::getcontext(&there_) != 0) {
            return false;
        }
        there_.uc_stack.ss_sp = stack_;
        there_.uc_stack.ss_size = more_stack_bytes;
        there_.uc_link = nullptr;
        const auto self = reinterpret_cast<std::uintptr_t>(this);
        ::makecontext(&there_, reinterpret_cast<void (*)()>(&begin), 2,
                      static_cast<unsigned>(self >> 32U), static_cast<unsigned>(self));
#if RONDO_ADDRESS_SANITIZED
        void* kept = nullptr;
        __sanitizer_start_switch_fiber(&kept, stack_, more_stack_bytes);
        ::swapcontext(&here_, &there_);
        __sanitizer_finish_switch_fiber(kept, nullptr, nullptr);
#elif RONDO_THREAD_SANITIZED
        before_ = __tsan_get_current_fiber();
        void* const fiber = __tsan_create_fiber(0);
        __tsan_switch_to_fiber(fiber, 0);
        ::swapcontext(&here_, &there_);
        __tsan_destroy_fiber(fiber);
#else
        ::swapcontext(&here_, &there_);
#endif
        return true;
    }

private:
    /// makecontext passes numbers of 32 bits and no pointers.
    static void begin(unsigned high, unsigned low) noexcept {
        reinterpret_cast<excursion*>(std::uintptr_t{high} << 32U | low)->run();
    }

    void run() noexcept {
#if RONDO_ADDRESS_SANITIZED
        const void* bottom = nullptr;
        std::size_t size = 0;
        __sanitizer_finish_switch_fiber(nullptr, &bottom, &size);
        fn_(argument_);
        __sanitizer_start_switch_fiber(nullptr, bottom, size);
#elif RONDO_THREAD_SANITIZED
        fn_(argument_);
        __tsan_switch_to_fiber(before_, 0);
#else
        fn_(argument_);
#endif
        ::setcontext(&here_);
    }

    void (*fn_)(void*) noexcept;
    void* argument_;
    void* stack_;
    [[maybe_unused]] void* before_ = nullptr;
    ucontext_t here_{};
    ucontext_t there_{};
};

}  // namespace

void call_on_more_stack(void (*fn)(void*) noexcept, void* argument) noexcept {
    void* const stack = sys::map_stack(more_stack_bytes);
    if (stack == nullptr) {
        fn(argument);
        return;
    }
    if (!excursion(fn, argument, stack).go()) {
        fn(argument);
    }
    sys::unmap_stack(stack, more_stack_bytes);
}

}  // namespace rondo::detail
