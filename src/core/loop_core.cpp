// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/detail/loop_core.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/loop_service.hpp>

#include <atomic>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::detail {

event_loop& loop_core::face() noexcept { return static_cast<event_loop&>(*this); }

bool loop_core::closed() const noexcept {
    return std::atomic_ref(closed_).load(std::memory_order_acquire);
}

// Only whether a call is refused depends on it, and nothing is read because of it: who uses a loop
// that ran in another thread has waited for that thread already.
bool loop_core::running() const noexcept {
    return std::atomic_ref(running_).load(std::memory_order_relaxed);
}

bool loop_core::post(handle_core& call) noexcept { return engine().post_to_inbox(call); }

const intrusive_list<task_core>& loop_core::tasks() noexcept {
    for (std::size_t i = 0; i < ring_.size(); ++i) {
        if (const ready_item item = ring_.peek(i); item.is_task()) {
            item.task().enlist();
        }
    }
    if (exec.loop == this && exec.current != nullptr) {
        exec.current->enlist();
    }
    return tasks_;
}

std::uint16_t loop_core::next_wave() noexcept {
    if (++waves_ == 0) {
        for (task_core* t = tasks().front(); t != nullptr; t = tasks_.after(*t)) {
            t->forget_wave();
        }
        waves_ = 1;
    }
    return waves_;
}

// ---- services

void loop_core::attach(loop_service& made, const void* key) noexcept {
    made.key_ = key;
    engine().services_.push_back(made);
}

loop_service* loop_core::service(const void* key) noexcept {
    const auto& services = engine().services_;
    loop_service* found = services.front();
    while (found != nullptr && found->key_ != key) {
        found = services.after(*found);
    }
    return found;
}

loop_service* loop_core::next_to_shut_down() noexcept {
    const auto& services = engine().services_;
    loop_service* youngest = nullptr;
    for (loop_service* s = services.front(); s != nullptr; s = services.after(*s)) {
        if (!s->was_shut_down_) {
            youngest = s;
        }
    }
    if (youngest != nullptr) {
        youngest->was_shut_down_ = true;
    }
    return youngest;
}

void loop_core::put_off(deferred& work) noexcept { engine().deferred_.push_back(work); }

// ---- errors

void loop_core::request_exit(std::exception_ptr error) noexcept {
    engine().leave_with(std::move(error));
}

void loop_core::report(std::string_view message, const std::exception_ptr& error,
                       std::string_view where) noexcept {
    std::optional<exception_context> what;
    try {
        what.emplace(exception_context{std::string(message), error, std::string(where)});
    } catch (const std::bad_alloc&) {
        warn(message, error, where);
        return;
    }
    face().call_exception_handler(*what);
}

void loop_core::check_usable(const char* operation) const {
    if (exec.loop == this) [[likely]] {
        return;  // it runs, and so it is not closed
    }
    if (closed()) {
        throw std::runtime_error(std::string(operation) + ": the event loop is closed");
    }
    check_thread(operation);
}

void loop_core::check_thread(const char* operation) const {
    if (running() && exec.loop != this) {
        throw std::runtime_error(std::string(operation) +
                                 ": the event loop runs in another thread; use "
                                 "call_soon_threadsafe or run_coroutine_threadsafe");
    }
}

// ---- async generators

void loop_core::track(async_generator_core& generator) noexcept {
    engine().generators_.push_back(generator);
}

void loop_core::untrack(async_generator_core& generator) noexcept {
    engine().generators_.remove(generator);
}

}  // namespace rondo::detail
