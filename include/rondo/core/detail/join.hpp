// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <cstddef>
#include <vector>

namespace rondo::detail {

/// When waiting for several is over.
enum class join_until : std::uint8_t {
    all_done,
    first_done,
    first_exception,  // or all done; a cancelled member does not count
    first_failure,    // or all done; a cancelled member counts
};

/// Chooses the wait that nothing ends early.
struct insist {};

/// Waits for several futures and tasks at once. One allocation, whatever their number.
///
/// A cancellation is passed on to those members that belong to whoever waits, and the wait goes on
/// until they have answered; with none it is over at once.
class join_awaiter final : public waiter {
public:
    using rondo_awaitable = void;
    using members = std::vector<core_ref<future_core>>;

    /// `operation` names the wait for people.
    join_awaiter(const char* operation, members of, join_until until, members belonging = {});
    /// Until all have ended, whatever is pending or comes: a cancellation is passed on to them and
    /// stays pending, for the await after this one.
    join_awaiter(insist how, const char* operation, members of);
    /// The same after `before`, of which `of` is a part: it takes that one's memory and needs none.
    join_awaiter(insist how, join_awaiter& before, members of) noexcept;
    join_awaiter(join_awaiter&&) = delete;
    ~join_awaiter();

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume();
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return operation_; }
    void awaited(std::vector<const future_core*>& list) const override;

    /// The member that ended the wait early; null when all were simply done.
    future_core* decisive() const noexcept { return decisive_; }
    /// Nobody else looks at the members' errors.
    void forget_errors() const noexcept {
        for (const auto& m : members_) {
            m->mark_retrieved();
        }
    }
    /// Whether a cancellation was passed on, and reached somebody. After the wait.
    bool was_passed_on() const noexcept { return passed_on_; }

private:
    struct member final : listener {
        void notify() noexcept override { owner->member_done(*this); }
        join_awaiter* owner = nullptr;
        future_core* core = nullptr;
    };

    bool is_decisive(const future_core& done) const noexcept;
    bool is_over(const task_core& task);
    bool somebody_was_reached() const noexcept;
    void member_done(member& m) noexcept;
    void unlink_all() noexcept;

    const char* operation_;
    members members_;
    members belonging_;
    std::vector<member> listeners_;  // at least as many as members_, never resized
    std::size_t pending_ = 0;
    future_core* decisive_ = nullptr;
    join_until until_;
    bool insists_ = false;
    bool passed_on_ = false;
};

/// A task that runs inside a scope of another one, so that cancelling the scope reaches it; the
/// scope's own task waits for its end.
class scope_guest final : public scope_core::member {
public:
    scope_guest(scope_core& in, task_core& guest) noexcept;
    scope_guest(scope_guest&& other) noexcept;
    scope_guest& operator=(scope_guest&&) = delete;
    ~scope_guest();

private:
    scope_core* in_;
};

}  // namespace rondo::detail
