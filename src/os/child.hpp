// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "sys/process.hpp"
#include "sys/process_id.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/loop_service.hpp>

#include <optional>
#include <utility>

namespace rondo::detail {

class child;
using child_ref = core_ref<child>;

/// What a loop has of child processes: those that are not reaped yet.
class loop_children final : public loop_service {
public:
    static loop_children& of(loop_core& loop) { return use_service<loop_children>(loop); }

    void add(child& c) noexcept { children_.push_back(c); }
    void remove(child& c) noexcept;
    void kill_all() noexcept;
    /// After a fork: those of the parent are none of ours.
    void leave_to_parent() noexcept;

    static bool has_any(const loop_children& all) noexcept { return !all.children_.empty(); }
    /// Those who wait until there is none.
    intrusive_list<waiter>& idlers() noexcept { return idlers_; }

    /// Leaves no child behind.
    coro<void> shutdown() override;
    void close() noexcept override;

private:
    intrusive_list<child> children_;
    intrusive_list<waiter> idlers_;
};

/// A child process, from its start until it is reaped. It waits for its own end, so that it never
/// becomes a zombie, whoever may have lost interest in it.
///
/// Invariant: until it has ended it stands in the loop's list, and owns itself.
class child final : public io_waiter, public list_node {
public:
    /// Becomes a child of the running loop. When this throws, it is killed and reaped.
    static child_ref adopt(sys::spawned process);

    int pid() const noexcept { return process_.pid; }
    std::optional<int> returncode() const noexcept { return returncode_; }
    static bool is_running(const child& c) noexcept { return !c.returncode_; }
    /// Those who wait for its end.
    intrusive_list<waiter>& waiters() noexcept { return waiters_; }

    /// Whether it is a child of the process that has forked this one: then it is nothing to us.
    bool is_of_parent() const noexcept;
    /// 0 when it has ended, else the result of the system call; -ECHILD when it is the parent's.
    int send_signal(int signal) noexcept;

    void loop_closes() noexcept;
    /// Nobody here will know how it ends.
    void give_up() noexcept { finish(unknown_returncode); }

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    /// What is reported when only somebody else knows the status. As in asyncio.
    static constexpr int unknown_returncode = 255;

    child(loop_core& loop, sys::spawned process) noexcept
        : loop_(&loop), process_(std::move(process)), parent_(sys::process_id()) {}
    ~child() = default;

    void watch();

    /// Reaps it, if it has ended.
    bool try_again() noexcept override;
    void turned_away() noexcept override {}
    void lose_status() noexcept;
    void finish(int returncode) noexcept;

    loop_core* loop_;
    loop_children* siblings_ = nullptr;  // the list that it stands in
    sys::spawned process_;
    int parent_;    // its parent
    fd_ref watch_;  // of the pidfd, which is readable at the end
    std::optional<int> returncode_;
    intrusive_list<waiter> waiters_;
    unsigned references_ = 1;
    bool counted_ = false;  // as something that is about to wake the loop
};

}  // namespace rondo::detail
