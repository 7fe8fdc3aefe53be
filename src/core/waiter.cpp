// SPDX-License-Identifier: MIT
#include "base/more_stack.hpp"
#include <rondo/core/detail/foreign.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/handle.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::detail {

constinit thread_local execution exec{};

nested_execution::nested_execution() noexcept : outer_(exec) {
    if (exec.current != nullptr && exec.current->phase() != task_phase::done) {
        exec.current->enlist();  // it runs, but is not the current task any more
    }
    exec.next = {};
    if (exec.stack_floor == no_floor) {
        exec.stack_floor = stack_position() - inline_stack_bytes;
    }
    exec.may_be_cancelled = true;  // awaits that are driven by hand ask, and hear of it
}

void call_with_room(void (*fn)(void*) noexcept, void* argument) noexcept {
    struct call {
        void (*fn)(void*) noexcept;
        void* argument;
        std::uintptr_t room;
        void operator()() const noexcept {
            const std::uintptr_t outer = std::exchange(exec.stack_floor, stack_position() - room);
            fn(argument);
            exec.stack_floor = outer;
        }
    };
    if (exec.stack_floor == no_floor) {
        call{fn, argument, inline_stack_bytes}();
        return;
    }
    // A quarter is for those who recurse no further, which users may have written.
    call on_more{fn, argument, more_stack_bytes * 3 / 4 - inline_stack_bytes};
    call_on_more_stack([](void* c) noexcept { (*static_cast<call*>(c))(); }, &on_more);
}

void throw_no_running_task(const char* operation) {
    if (exec.current == nullptr) {
        throw std::runtime_error(std::string(operation) +
                                 " needs a running task: await it in a coroutine that "
                                 "rondo::run, create_task or a task_group runs");
    }
    throw std::runtime_error(std::string(operation) +
                             " needs a running event loop, but this coroutine is driven by hand "
                             "with send()");
}

bool waiter::driven_by_hand() noexcept {
    return exec.current == nullptr || exec.current->loop() == nullptr;
}

bool cancellation_is_pending() { return running_task("co_await").cancel_is_pending(); }

bool take_cancellation() {
    const bool pending = cancellation_is_pending();
    if (pending) {
        exec.current->consume_edge();
    }
    return pending;
}

bool waiter::take_cancellation_now() {
    cancelled_ = take_cancellation();
    return cancelled_;
}

void throw_cancelled() {
    exec.current->consume_edge();
    throw cancelled_error(exec.current->cancel_message());
}

// ---- awaitables that know nothing of rondo

/// The coroutine whose handle a foreign awaitable gets. Destroys itself when it is resumed, in
/// whichever thread that happens.
struct wake_up_call {
    struct promise_type {
        wake_up_call get_return_object() noexcept {
            return wake_up_call(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        static std::suspend_always initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() noexcept {}
        static void unhandled_exception() noexcept { std::terminate(); }
    };
    explicit wake_up_call(std::coroutine_handle<> h) noexcept : handle(h) {}
    std::coroutine_handle<> handle;

    /// All that it needs when it is resumed is made here, since there it could tell nobody that
    /// there is no memory.
    static wake_up_call make(foreign_waiter& waiter, loop_core& loop) {
        auto* const posted_by_others =
            new handle_core(loop, [&waiter] { waiter.wake(); }, context());
        return wake(waiter, loop, posted::adopt(*posted_by_others));
    }

private:
    using posted = core_ref<handle_core>;

    static wake_up_call wake(foreign_waiter& waiter, loop_core& loop, posted from_elsewhere) {
        waiter.call_ = {};
        if (exec.loop == &loop) {
            waiter.wake();
        } else {
            loop.post(*from_elsewhere.release());
        }
        co_return;
    }
};

foreign_waiter::~foreign_waiter() {
    if (call_) {
        call_.destroy();
    }
}

std::coroutine_handle<> foreign_waiter::begin(std::coroutine_handle<> awaiting) {
    loop_core* const loop = exec.current->loop();
    if (loop != nullptr) {
        call_ = wake_up_call::make(*this, *loop).handle;  // it may throw: the task still runs
    }
    suspend(awaiting);
    return loop != nullptr ? call_ : awaiting;
}

void foreign_waiter::undo() noexcept { waiting_task().unblock(); }

void foreign_waiter::transfer(std::coroutine_handle<> next) noexcept { exec.next = next; }

void foreign_waiter::rethrow_thrown_in() {
    if (exec.current->loop() != nullptr) {
        return;
    }
    if (auto error = exec.current->take_raised()) {
        std::rethrow_exception(std::move(error));
    }
}

}  // namespace rondo::detail
