// SPDX-License-Identifier: MIT
#include <rondo/core/detail/join.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/core/task_group.hpp>

#include <stdexcept>
#include <string>

namespace rondo {

namespace detail {

group_waiter::~group_waiter() {
    if (group_->leaving_ == this) {
        group_->leaving_ = nullptr;
    }
}

bool group_waiter::await_ready() {
    if (group_->scope_.core().members().empty()) {
        return true;
    }
    if (running_task("task_group").cancel_is_pending()) {
        group_->end_children("the parent was cancelled");
    }
    return false;
}

void group_waiter::await_suspend(std::coroutine_handle<> handle) noexcept {
    waited_ = true;
    group_->leaving_ = this;
    suspend(handle);
}

cancel_answer group_waiter::cancel() noexcept {
    group_->end_children("the parent was cancelled");
    return cancel_answer::deferred;
}

void group_waiter::awaited(std::vector<const future_core*>& list) const {
    for (const any_task& child : group_->children()) {
        list.push_back(&child.core());
    }
}

}  // namespace detail

task_group::member::member(task_group& of, detail::future_core* ready) noexcept : group_(of) {
    if (ready != nullptr) {
        ready_ = detail::core_ref<detail::future_core>::share(*ready);
    }
}

task_group::member::~member() {
    if (detail::scope_core::member::linked()) {
        group_.scope_.core().remove_member(*this);
    }
}

task_group::task_group(task_group&& other) : scope_(std::move(other.scope_)) {}

task_group::~task_group() {
    if (exit_) {
        exit_->close();
    }
    // Only a frame that is destroyed while it is suspended still has children here.
    auto& members = scope_.core();
    while (auto* child = static_cast<member*>(members.members().front())) {
        members.remove_member(*child);
        if (child->is_lent) {
            continue;
        }
        if (static_cast<detail::listener*>(child)->linked()) {
            child->task->remove_listener(*child);
            child->task->set_scope(nullptr);
        }
        delete child;
    }
    while (auto* child = failed_.pop_front()) {
        delete static_cast<member*>(child);
    }
}

const char* task_group::refuses_children() const noexcept {
    if (loop_ == nullptr) {
        return "the group is not entered yet";
    }
    if (finished_ || !scope_.core().active()) {
        return "the group is finished";
    }
    return scope_.cancel_called() ? "the group is being cancelled" : nullptr;
}

void task_group::throw_refused(const char* why) {
    throw std::runtime_error(std::string("task_group::create_task: ") + why);
}

void task_group::adopt(box<member> child, detail::task_core& task) {
    child->task = &task;
    scope_.core().add_member(*child);
    if (!task.done()) {
        task.add_listener(*child.release());
        return;
    }
    // It was started eagerly and has ended. The group hears of it in the next pass, as of others.
    child->is_lent = true;
    loop_->face().call_soon([ended = std::move(child), keep = any_task(task)]() mutable {
        if (static_cast<detail::scope_core::member&>(*ended).linked()) {
            ended.release()->tell();
        }
    });
}

void task_group::child_done(member& child) noexcept {
    scope_.core().remove_member(child);
    if (child.task->has_error() && !child.is_starting()) {
        record(child);
    } else {
        delete &child;
    }
    if (leaving_ != nullptr && scope_.core().members().empty()) {
        std::exchange(leaving_, nullptr)->wake();
    }
}

/// The error stays with the child, for which there is memory already.
void task_group::record(member& failed) noexcept {
    std::exception_ptr error = failed.task->error();
    if (!detail::is_process_exit(error)) {
        failed.error = std::move(error);
        failed_.push_back(failed);
    } else {
        process_exit_ = process_exit_ ? process_exit_ : std::move(error);
        delete &failed;
    }
    end_children("a child failed");
}

/// Without memory for the reason, for none.
void task_group::end_children(const char* reason) noexcept {
    try {
        scope_.core().follow(reason);
    } catch (...) {
        scope_.core().follow({});
    }
}

/// Those of the children, in the order of their ends, and that of the body.
std::vector<std::exception_ptr> task_group::errors(const std::exception_ptr& of_body) const {
    std::vector<std::exception_ptr> all;
    for (auto* at = failed_.front(); at != nullptr; at = failed_.after(*at)) {
        all.push_back(static_cast<member*>(at)->error);
    }
    if (of_body && !detail::is_cancellation(of_body)) {
        all.push_back(of_body);
    }
    return all;
}

std::vector<any_task> task_group::children() const {
    std::vector<any_task> list;
    const auto& members = scope_.core().members();
    for (auto* m = members.front(); m != nullptr; m = members.after(*m)) {
        list.emplace_back(*m->task);
    }
    return list;
}

detail::immediate<void> task_group::aenter() {
    scope_.core().enter("task_group");
    loop_ = scope_.core().host()->loop();
    exit_.emplace(wait_for_children());
    return detail::immediate<void>();
}

coro<bool> task_group::wait_for_children() {
    const std::exception_ptr body_error = std::exchange(body_error_, nullptr);
    const bool may_be_ours = scope_.cancel_called();  // else somebody cancelled what it awaited
    if (body_error) {
        end_children("the body of the group failed");
    }
    const bool waited = co_await detail::group_waiter(*this);
    finished_ = true;
    const bool cancelled_outside = scope_.core().task_was_cancelled();
    const bool only_ours = scope_.core().leave(body_error);
    if (process_exit_) {
        std::rethrow_exception(process_exit_);
    }
    if (detail::is_process_exit(body_error)) {
        co_return false;
    }
    auto all = errors(body_error);
    if (!all.empty()) {
        if (cancelled_outside) {
            detail::exec.current->repeat_edge();
        }
        throw exception_group("unhandled errors in a task_group", std::move(all));
    }
    if (body_error) {
        co_return may_be_ours&& only_ours;
    }
    if (waited) {
        co_await checkpoint();
    }
    co_return false;
}

coro<void> task_group::wait_until_started(any_task child, detail::future_core& ready) {
    using detail::core_ref;
    using detail::future_core;
    detail::join_awaiter::members both;
    both.push_back(core_ref<future_core>::share(ready));
    both.push_back(core_ref<future_core>::share(child.core()));
    std::exception_ptr error;
    try {
        co_await detail::join_awaiter("task_group::start", both, detail::join_until::first_done);
    } catch (...) {
        error = std::current_exception();
    }
    if (error) {
        ready.cancel();  // from now on an error of the child is the group's
        child.cancel();
        both.erase(both.begin());
        co_await detail::join_awaiter(detail::insist(), "task_group::start", std::move(both));
        std::rethrow_exception(error);
    }
    if (ready.done()) {
        co_return;
    }
    ready.cancel();
    child.core().check_value();
    throw std::runtime_error("task_group::start: the child " + child.name() +
                             " ended without calling task_status::started()");
}

}  // namespace rondo
