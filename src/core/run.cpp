// SPDX-License-Identifier: MIT
#include "core/interrupt.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/loop_service.hpp>
#include <rondo/core/run.hpp>
#include <rondo/core/sleep.hpp>

#include <algorithm>
#include <stdexcept>

namespace rondo {

namespace {

/// Cancellation of tasks that start new ones is repeated, and callbacks that schedule others are
/// run; but not for ever.
constexpr int most_rounds = 16;

coro<void> cancel_and_wait(event_loop& loop) {
    for (int round = 0; round < most_rounds; ++round) {
        std::vector<any_task> left = loop.all_tasks();
        std::erase(left, current_task());
        if (left.empty() && !core_of(loop).engine().anything_is_ready()) {
            co_return;
        }
        for (const any_task& t : left) {
            t.cancel();
        }
        for (const any_task& t : left) {
            co_await detail::end_of(t);
            if (!t.cancelled() && t.core().error() != nullptr) {
                loop.call_exception_handler({"unhandled exception during the shutdown of run()",
                                             t.core().error(), t.name()});
            }
        }
        co_await yield_now();  // what their ends have made ready has its turn
    }
    for (const any_task& t : loop.all_tasks()) {
        if (t != current_task()) {
            loop.call_exception_handler({"a task keeps starting others while run() shuts down",
                                         nullptr, detail::describe(t.core())});
        }
    }
}

coro<void> shut_down(event_loop& loop) {
    co_await cancel_and_wait(loop);
    co_await loop.shutdown_asyncgens();
    while (loop_service* service = core_of(loop).next_to_shut_down()) {
        try {
            co_await service->shutdown();
        } catch (...) {
            loop.call_exception_handler({"a service of the loop failed to shut down",
                                         std::current_exception(),
                                         detail::type_name(typeid(*service))});
        }
    }
}

}  // namespace

runner::runner(run_options options) : options_(options) {}

runner::runner(box<event_loop> loop) : loop_(std::move(loop)) {}

runner::~runner() {
    try {
        close();
    } catch (...) {
        detail::warn("the shutdown of run() failed", std::current_exception());
    }
}

bool runner::check_can_run() const noexcept { return !closed_ && detail::exec.loop == nullptr; }

void runner::throw_cannot_run() const {
    throw std::runtime_error(closed_ ? "runner::run: the runner is closed"
                                     : "run() cannot be called while a loop runs in this thread: "
                                       "co_await the coroutine, or give it to create_task");
}

event_loop& runner::get_loop() {
    if (closed_) {
        throw std::runtime_error("runner::get_loop: the runner is closed");
    }
    if (loop_ == nullptr) {
        auto made = make_box<event_loop>(options_.driver);
        core_of(*made).io().spin_before_sleep(options_.spin);
        if (options_.debug) {
            made->set_debug(*options_.debug);
        }
        loop_ = std::move(made);
    }
    return *loop_;
}

rondo::context runner::own_context() {
    if (!context_) {
        context_ = copy_context();
        context_->materialise();
    }
    return *context_;
}

void runner::run_main(any_task main) {
    detail::interrupt_guard on_interrupt(*loop_, main);
    loop_->run_until_done(main.core());
    if (on_interrupt.happened() && main.cancelled() && main.uncancel() == 0) {
        throw keyboard_interrupt();
    }
}

void runner::close() {
    if (auto loop = finish()) {
        loop->close();
    }
}

box<event_loop> runner::finish() {
    if (closed_) {
        return nullptr;
    }
    closed_ = true;
    if (loop_ != nullptr) {
        loop_->run_until_complete(shut_down(*loop_));
    }
    return std::move(loop_);
}

}  // namespace rondo
