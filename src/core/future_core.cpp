// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/future_waiter.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/future.hpp>

#include <new>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

void future_core::abandon_listeners() noexcept {
    while (listener* l = listeners_.pop_front()) {
        l->abandon();
    }
}

void future_core::destroy() noexcept {
    if (kind_ == future_kind::task) {
        destroy_frame(static_cast<task_core*>(this)->handle());
        return;
    }
    if (kind_ == future_kind::remains) {
        static_cast<task_core*>(this)->free_remains();
        return;
    }
    if (has_unretrieved_error()) {
        report_unretrieved();
    }
    with_room([this]() noexcept { static_cast<future_data_base*>(this)->destroy(); });
}

bool future_core::cancel(std::string message) {
    if (is_task()) {
        return static_cast<task_core*>(this)->request_cancel(std::move(message));
    }
    if (done()) {
        mark_retrieved();  // who cancels does not want the error
        return false;
    }
    set_cancelled_state(
        message.empty() ? nullptr : std::make_exception_ptr(cancelled_error(std::move(message))));
    return true;
}

bool future_core::pass_cancel_on(const std::string& message) noexcept {
    try {
        return cancel(message);
    } catch (const std::bad_alloc&) {
        return cancel();
    }
}

std::exception_ptr future_core::error() {
    if (!done()) {
        throw invalid_state_error(is_task() ? "the task is not done yet"
                                            : "the future has no result yet");
    }
    mark_retrieved();
    return error_;
}

void future_core::notify_all() noexcept {
    // Who is told may take others out of the list meanwhile, and drop the last handle. Nobody comes
    // in any more: what is done is not listened to.
    const auto keep = core_ref<future_core>::share(*this);
    while (listener* l = listeners_.pop_front()) {
        l->tell();
    }
}

void future_core::rethrow() {
    if (auto raised = error()) {
        std::rethrow_exception(std::move(raised));
    }
    throw cancelled_error();
}

void future_core::set_value_state() { complete(future_state::value); }

void future_core::set_error_state(std::exception_ptr error) {
    error_ = std::move(error);
    complete(future_state::unseen_error);
}

void future_core::set_cancelled_state(std::exception_ptr error) {
    error_ = std::move(error);
    complete(future_state::cancelled);
}

void future_core::report_unretrieved() noexcept {
    const char* const message =
        is_task() ? "task exception was never retrieved" : "future exception was never retrieved";
    std::string where;
    try {
        where = is_task() ? static_cast<task_core*>(this)->name() : std::string();
    } catch (const std::bad_alloc&) {
        where = "?";
    }
    if (const with_live_loop alive(loop_); alive) {
        alive->report(message, error_, where);
    } else {
        warn(message, error_, where);
    }
}

void check_pending(const future_core& core, const char* operation) {
    const bool in_its_loop = exec.loop != nullptr && exec.loop == core.loop();
    if (const with_live_loop alive(in_its_loop ? nullptr : core.loop()); alive) {
        alive->check_thread(operation);
    }
    if (core.done()) {
        throw invalid_state_error(std::string("future::") + operation +
                                  ": the future is already done");
    }
}

std::exception_ptr error_or_throw(future_core& core) {
    auto error = core.error();
    if (core.is_cancelled()) {
        core.check_value();
    }
    return error;
}

// ---- awaiting

void future_waiter::check_odd_start() {
    task_core& task = running_task("co_await of a task or future");
    if (awaited_->loop() == nullptr) {
        awaited_->bind(*task.loop());
    } else if (awaited_->loop() != task.loop()) {
        throw std::runtime_error("co_await of a task or future that belongs to another event loop");
    }
    if (awaited_.get() == &task) {
        throw std::runtime_error("a task cannot await itself: " + task.name());
    }
}

cancel_answer future_waiter::cancel() noexcept {
    if (cancel_came_round()) {
        awaited_->remove_listener(*this);
        return cancel_answer::done;
    }
    awaited_->pass_cancel_on(waiting_task().cancel_message());
    return cancel_answer::forwarded;
}

/// When a request was passed on: the awaited's own cancellation stands for every request so far;
/// but if it was a task that had its result already when the request arrived, the request stands.
void future_waiter::settle_request() noexcept {
    if (awaited_->is_cancelled()) {
        waiting_task().consume_edge();
    } else if (awaited_->is_task() &&
               static_cast<task_core&>(*awaited_).left_request_unanswered()) {
        waiting_task().take_back_request();
    }
}

cancel_answer end_awaiter::cancel() noexcept {
    awaited_->remove_listener(*this);
    return cancel_answer::done;
}

// ---- callbacks

done_callback::done_callback(future_core& of, std::uintptr_t identity,
                             unique_function<void(future_core&)> fn)
    : of_(&of),
      loop_serial_(0),
      identity_(identity != 0 ? identity : reinterpret_cast<std::uintptr_t>(this)),
      context_(copy_context()),
      fn_(std::move(fn)) {
    if (of.loop() == nullptr) {
        of.bind(running_core("add_done_callback"));
    }
    const with_live_loop alive(of.loop());
    if (!alive) {
        throw std::runtime_error("add_done_callback: the event loop is closed");
    }
    alive->reserve();
    loop_serial_ = alive->serial();
}

void done_callback::notify() noexcept {
    const with_live_loop alive(of_->loop(), loop_serial_);
    if (!alive) {
        delete this;
        return;
    }
    of_->retain();
    alive->push(*this);
}

void done_callback::abandon() noexcept {
    forget();
    delete this;
}

void done_callback::forget() noexcept {
    const with_live_loop alive(of_->loop(), loop_serial_);
    if (alive) {
        alive->unreserve();
    }
}

void done_callback::run() noexcept {
    loop_core& loop = *of_->loop();
    loop.unreserve();
    try {
        context_entered entered(context_.cell());
        fn_(*of_);
    } catch (const process_exit&) {
        loop.request_exit(std::current_exception());
    } catch (...) {
        loop.report("exception in done callback", std::current_exception());
    }
    of_->release();
    delete this;
}

void done_callback::drop() noexcept {
    of_->release();
    delete this;
}

std::uintptr_t add_done_callback(future_core& to, std::uintptr_t identity,
                                 unique_function<void(future_core&)> fn) {
    auto* added = new done_callback(to, identity, std::move(fn));
    const std::uintptr_t id = added->identity();
    if (to.done()) {
        added->tell();
    } else {
        to.add_listener(*added);
    }
    return id;
}

std::size_t remove_done_callbacks(future_core& from, std::uintptr_t identity) noexcept {
    intrusive_list<listener> removed;
    std::size_t count = 0;
    listener* next = from.listeners().front();
    while (next != nullptr) {
        listener* at = next;
        next = from.listeners().after(*at);
        auto* mine = dynamic_cast<done_callback*>(at);
        if (mine != nullptr && mine->identity() == identity) {
            from.remove_listener(*mine);
            removed.push_back(*mine);
            ++count;
        }
    }
    // What they own dies only now: its destructors may add and remove callbacks.
    while (listener* mine = removed.pop_front()) {
        mine->abandon();
    }
    return count;
}

}  // namespace rondo::detail
