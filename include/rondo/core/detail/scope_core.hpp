// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/task_core.hpp>
#include <rondo/core/detail/timer_heap.hpp>

#include <exception>
#include <string>

namespace rondo::detail {

/// A stretch of a task's execution that can be cancelled as a whole.
///
/// Scopes of one task form a chain, innermost first, by `parent_`; a child of a task group hangs
/// its chain under the group's scope. `cancellations_` caches how many of the scopes that this one
/// can see, itself included, are cancelled; a shield hides everything outside. One that only passes
/// on what an outer scope wants is not counted beside that one. Invariant: cancellations_ == outer
/// + (cancel_called_ && !(follows_ && outer)), outer == !shield_ && parent_ ?
/// parent_->cancellations_ : 0.
class scope_core : public timer_node {
public:
    scope_core() = default;
    ~scope_core() {
        if (active()) [[unlikely]] {
            abandon();
        }
    }

    /// Becomes the running task's innermost scope. Throws runtime_error outside a task.
    void enter(const char* operation);
    /// Leaves it. Whether `error` is a cancellation that this scope asked for and nobody else did,
    /// so that it ends here. Throws runtime_error when an inner scope was not left.
    bool leave(const std::exception_ptr& error) {
        if (armed() || cancel_called_ || !is_innermost()) [[unlikely]] {
            return leave_with_care(error);
        }
        step_out();
        return false;
    }

    /// Whether somebody called cancel() of the task since it was entered, did not take it back, and
    /// no shield outside hides it.
    bool task_was_cancelled() const noexcept {
        return host_ != nullptr && host_->cancelling() > cancelling_at_entry_ &&
               (parent_ == nullptr || !parent_->hides_edge_of(*host_));
    }

    void cancel(std::string reason) noexcept;
    /// The same for a scope that ends because an outer one may want it to: then those inside were
    /// asked already, and are not asked again. Otherwise groups in groups, each ending its own
    /// children, would ask quadratically.
    void follow(std::string reason) noexcept;
    void set_shield(bool on) noexcept;
    void set_deadline(time_point when);
    /// The same of one that will arm() itself when there is a need to.
    void note_deadline(time_point when) noexcept { deadline_ = when; }
    void arm() {
        if (active() && !cancel_called_ && deadline_ != time_point::max()) {
            set_timer();
        }
    }

    /// What it is, for people.
    const char* operation() const noexcept { return operation_; }
    bool active() const noexcept { return host_ != nullptr; }
    /// Its task will never leave it.
    void let_go() noexcept;
    bool entered() const noexcept { return entered_; }
    bool cancel_called() const noexcept { return cancel_called_; }
    /// How many scopes want what runs inside to end. When the number grows, one more has to ask.
    unsigned cancellations() const noexcept { return cancellations_; }
    bool shield() const noexcept { return shield_; }
    /// Whether cancel() of `task`, whose innermost scope this is, is hidden by a shield of that
    /// task, here or further out. A child of a group stands under scopes of its parent, whose
    /// shields do not count.
    bool hides_edge_of(const task_core& task) const noexcept {
        return hides_edge_ && host_ == &task;
    }
    time_point deadline() const noexcept { return deadline_; }
    const std::string& reason() const noexcept { return reason_; }
    scope_core* parent() const noexcept { return parent_; }
    task_core* host() const noexcept { return host_; }

    void expire() noexcept override;

    // ---- children of a task group
    /// A child task whose outermost scope is this one.
    class member : public list_node {
    public:
        task_core* task = nullptr;

    protected:
        ~member() = default;
    };
    void add_member(member& m) noexcept { members_.push_back(m); }
    void remove_member(member& m) noexcept { members_.remove(m); }
    const intrusive_list<member>& members() const noexcept { return members_; }

private:
    bool is_innermost() const noexcept { return host_->scope() == this && exec.current == host_; }
    void step_out() noexcept {
        host_->set_scope(parent_);
        host_ = nullptr;
    }
    bool leave_with_care(const std::exception_ptr& error);
    /// Its task never leaves it.
    void abandon() noexcept;
    void set_timer();
    void disarm() noexcept;
    void changed() noexcept;
    void refresh() noexcept;
    /// Refreshes `innermost` and the scopes around it, up to `limit` but without that one.
    static void refresh_chain(scope_core* innermost, const scope_core* limit) noexcept;

    const char* operation_ = "a scope";
    task_core* host_ = nullptr;
    scope_core* parent_ = nullptr;
    int cancelling_at_entry_ = 0;
    unsigned cancellations_ = 0;
    bool entered_ = false;
    bool cancel_called_ = false;
    bool follows_ = false;
    bool shield_ = false;
    bool hides_edge_ = false;
    time_point deadline_ = time_point::max();
    std::string reason_;
    intrusive_list<member> members_;
};

}  // namespace rondo::detail
