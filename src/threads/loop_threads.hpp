// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/loop_service.hpp>
#include <rondo/threads/executor.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace rondo::detail {

/// The way of other threads to a loop that may close, and be gone, meanwhile.
class loop_link {
public:
    explicit loop_link(loop_core& loop) noexcept : loop_(&loop) {}

    /// Takes over one reference to `call`. False, with the reference dropped, when the loop is
    /// gone.
    bool post(handle_core& call) noexcept;
    void cut() noexcept;

private:
    std::mutex mutex_;
    loop_core* loop_;
};

/// What a loop has of threads: its own pool, made at the first use, or the executor set instead.
class loop_threads final : public loop_service {
public:
    explicit loop_threads(event_loop& loop);

    static loop_threads& of(loop_core& loop) { return use_service<loop_threads>(loop); }

    coro<void> shutdown() override;
    void close() noexcept override;

    void choose(executor* e) noexcept { chosen_ = e; }
    /// The executor that `wanted` stands for; null stands for the default one.
    executor& resolve(executor* wanted);
    /// Another one in the child of a fork: a thread of the parent may have locked the first.
    const std::shared_ptr<loop_link>& link();

    /// The pool takes no more work; `call` is posted when its threads are gone. False when there is
    /// nothing to wait for: no pool was made, or it was given up.
    bool shut_down_then(handle_core& call);
    /// Leaves the pool's threads to themselves.
    void give_up() noexcept;

private:
    loop_core* loop_;
    int process_;  // the one that made link_
    std::shared_ptr<loop_link> link_;
    std::optional<thread_pool_executor> pool_;
    bool given_up_ = false;
    executor* chosen_ = nullptr;
};

}  // namespace rondo::detail
