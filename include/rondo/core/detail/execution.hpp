// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>
#include <cstdint>
#include <utility>

namespace rondo {

namespace detail {

class loop_core;
class task_core;
struct context_cell;
class frame_header;

/// While neither a loop nor a coroutine that is driven by hand runs: nobody knows how much stack
/// there is.
inline constexpr std::uintptr_t no_floor = UINTPTR_MAX;

/// What this thread executes at the moment.
///
/// rondo does not rely on symmetric transfer, which GCC 12 turns into recursion without
/// optimisation and under sanitizers. A parent starts its child inline; a child that finishes later
/// leaves its parent in `next` and returns to the dispatcher, which resumes `next` until it is
/// empty. The machine stack stays flat in every build mode, because frames never change threads.
struct execution {
    std::coroutine_handle<> next;           // to be resumed by the dispatcher, in the same task
    task_core* current = nullptr;           // the task whose step runs
    loop_core* loop = nullptr;              // the loop that runs in this thread
    context_cell* context = nullptr;        // context variables while no task runs
    std::uintptr_t stack_floor = no_floor;  // below it a child is not started inline
    const frame_header* frame = nullptr;    // the innermost coroutine that reached a co_await
    bool may_be_cancelled = true;           // false: the task surely has no cancellation to deliver
    int budget = 0;                         // awaits left that may complete without suspending
    std::uint32_t wave = 0;                 // of requests to end, since a coroutine was resumed
};

extern constinit thread_local execution exec;

[[noreturn]] void throw_no_running_loop(const char* operation);

/// The loop that runs in this thread; throws runtime_error naming `operation` when there is none.
inline loop_core& running_core(const char* operation) {
    if (exec.loop == nullptr) [[unlikely]] {
        throw_no_running_loop(operation);
    }
    return *exec.loop;
}

/// How deep parents may start children inline before the stack is unwound to the dispatcher.
inline constexpr std::uintptr_t inline_stack_bytes = 64 * 1024;

/// Awaits that may complete at once before a task has to let others run.
inline constexpr int await_budget = 128;

inline std::uintptr_t stack_position() noexcept {
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
}

inline bool stack_is_deep() noexcept { return stack_position() < exec.stack_floor; }

/// Calls fn(argument) where there is enough stack for it.
void call_with_room(void (*fn)(void*) noexcept, void* argument) noexcept;

/// Calls `fn`, which may come back here before it returns, and that as often as there are tasks and
/// coroutines in a chain: one whose request to end, or whose destruction, is that of the next one
/// as well. The order of all this is what users see, and so it stays recursion; but when the stack
/// is deep it goes on on another one. The depth is limited by memory only.
template <class F>
[[gnu::always_inline]] inline void with_room(F fn) noexcept {
    if (stack_position() + inline_stack_bytes < exec.stack_floor) [[unlikely]] {
        call_with_room([](void* f) noexcept { (*static_cast<F*>(f))(); }, __builtin_addressof(fn));
    } else {
        fn();
    }
}

/// Destroys a coroutine where it stands, with all that it owns, with_room(). By its address: the
/// common way does not touch memory for it.
[[gnu::always_inline]] inline void destroy_frame(std::coroutine_handle<> frame) noexcept {
    if (stack_position() + inline_stack_bytes < exec.stack_floor) [[unlikely]] {
        call_with_room([](void* f) noexcept { std::coroutine_handle<>::from_address(f).destroy(); },
                       frame.address());
    } else {
        frame.destroy();
    }
}

/// Resumes `handle` and everything that it leaves in `next`, as a part of `task`. The one place
/// where coroutines are resumed. `task` remains the current one.
inline void resume_as(task_core& task, std::coroutine_handle<> handle) {
    exec.current = &task;
    exec.budget = await_budget;
    exec.wave = 0;
    handle.resume();
    while (exec.next) [[unlikely]] {
        std::exchange(exec.next, {}).resume();
    }
}

/// Whatever runs in between, what runs now goes on undisturbed: for a task that is started eagerly
/// inside another one, and for coroutines that are driven by hand.
class nested_execution {
public:
    nested_execution() noexcept;
    nested_execution(const nested_execution&) = delete;
    nested_execution& operator=(const nested_execution&) = delete;
    ~nested_execution() {
        exec.next = outer_.next;
        exec.current = outer_.current;
        exec.frame = outer_.frame;
        exec.stack_floor = outer_.stack_floor;
        exec.may_be_cancelled = true;
        exec.budget = outer_.budget;
    }

private:
    execution outer_;
};

}  // namespace detail
}  // namespace rondo
