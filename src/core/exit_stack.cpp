// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/exit_stack.hpp>

#include <stdexcept>
#include <utility>

namespace rondo {

async_exit_stack& detail::innermost_exit_stack() {
    const task_core& task = running_task("defer");
    for (scope_core* scope = task.scope(); scope != nullptr && scope->host() == &task;
         scope = scope->parent()) {
        if (auto* body = dynamic_cast<exit_scope*>(scope)) {
            return body->stack;
        }
    }
    throw std::runtime_error(
        "defer: the task is not in the body of an async_exit_stack: "
        "co_await with(async_exit_stack(), body)");
}

async_exit_stack::async_exit_stack(async_exit_stack&& other) : entries_(std::move(other.entries_)) {
    if (other.scope_ != nullptr) {
        throw std::runtime_error("an async_exit_stack cannot be moved once it is entered");
    }
}

async_exit_stack::~async_exit_stack() {
    if (!entries_.empty() && detail::debug_mode()) {
        detail::warn(
            "async_exit_stack was destroyed with clean-up that never ran: await aclose(), "
            "or use it with with()");
    }
}

async_exit_stack async_exit_stack::pop_all() {
    async_exit_stack rest;
    rest.entries_.swap(entries_);
    return rest;
}

/// Gives the error that is on its way after everything was done.
coro<std::exception_ptr> async_exit_stack::unwind(std::exception_ptr& on_its_way) {
    std::exception_ptr error = on_its_way;
    while (!entries_.empty()) {
        const auto entry = std::move(entries_.back());
        entries_.pop_back();
        try {
            if (co_await entry->leave(error)) {
                error = nullptr;
            }
        } catch (...) {
            error = std::current_exception();
        }
    }
    co_return error;
}

coro<void> async_exit_stack::aclose() {
    std::exception_ptr none;
    if (auto error = co_await unwind(none)) {
        std::rethrow_exception(std::move(error));
    }
}

detail::immediate<void> async_exit_stack::aenter() {
    if (scope_ != nullptr) {
        throw std::runtime_error("async_exit_stack: entered a second time");
    }
    auto scope = make_box<detail::exit_scope>(*this);
    unwinding_.emplace(unwind(error_));
    exit_.emplace(leave_with_error());
    scope->enter("async_exit_stack");
    scope_ = std::move(scope);
    return {};
}

coro<bool> async_exit_stack::aexit(std::exception_ptr error) {
    error_ = std::move(error);
    return exit_->get();
}

coro<bool> async_exit_stack::leave_with_error() {
    const std::exception_ptr left = co_await unwinding_->get();
    const std::exception_ptr error = std::exchange(error_, nullptr);
    if (scope_ != nullptr) {
        const auto scope = std::move(scope_);
        scope->leave(nullptr);
    }
    if (left && left != error) {
        std::rethrow_exception(left);
    }
    co_return error && !left;
}

}  // namespace rondo
