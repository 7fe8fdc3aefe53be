// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/future_core.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace rondo::detail {

/// When waiting for several is over.
enum class join_until : std::uint8_t {
    all_done,
    first_done,
    first_exception,  // or all done; a cancelled member does not count
    first_failure,    // or all done; a cancelled member counts
};

/// What a cancelled wait does.
enum class join_cancel : std::uint8_t {
    leave,    // stop waiting, leave the members alone
    forward,  // cancel the members and go on waiting for them
    insist,   // the same, and wait even when a cancellation was pending before
};

/// Waits for several futures and tasks at once. One allocation, whatever their number.
class join_awaiter final : public waiter {
public:
    using rondo_awaitable = void;
    using members = std::vector<core_ref<future_core>>;

    join_awaiter(members of, join_until until, join_cancel on_cancel);
    ~join_awaiter();

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    void await_resume() const { throw_if_cancelled(); }
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return "several"; }
    void awaited(std::vector<const future_core*>& list) const override;

    /// The member that ended the wait early; null when all were simply done.
    future_core* decisive() const noexcept { return decisive_; }
    /// Whether a cancellation was passed on to the members.
    bool was_forwarded() const noexcept { return forwarded_; }

private:
    struct member final : listener {
        void notify() noexcept override { owner->member_done(*this); }
        join_awaiter* owner = nullptr;
        future_core* core = nullptr;
    };

    bool is_decisive(const future_core& done) const noexcept;
    void member_done(member& m) noexcept;
    void unlink_all() noexcept;

    members members_;
    std::unique_ptr<member[]> listeners_;
    std::size_t pending_ = 0;
    future_core* decisive_ = nullptr;
    join_until until_;
    join_cancel on_cancel_;
    bool forwarded_ = false;
};

}  // namespace rondo::detail
