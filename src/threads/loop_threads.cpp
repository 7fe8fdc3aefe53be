// SPDX-License-Identifier: MIT
#include "threads/loop_threads.hpp"

#include "sys/process_id.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/future.hpp>

#include <cstdio>

namespace rondo {

namespace detail {

bool loop_link::post(handle_core& call) noexcept {
    const std::scoped_lock lock(mutex_);
    if (loop_ == nullptr) {
        call.drop();
        return false;
    }
    return loop_->post(call);
}

void loop_link::cut() noexcept {
    const std::scoped_lock lock(mutex_);
    loop_ = nullptr;
}

loop_threads::loop_threads(event_loop& loop)
    : loop_(&core_of(loop)),
      process_(sys::process_id()),
      link_(std::make_shared<loop_link>(*loop_)) {}

const std::shared_ptr<loop_link>& loop_threads::link() {
    if (process_ != sys::process_id()) [[unlikely]] {
        link_ = std::make_shared<loop_link>(*loop_);
        process_ = sys::process_id();
    }
    return link_;
}

coro<void> loop_threads::shutdown() { return shutdown_default_executor(); }

void loop_threads::close() noexcept {
    link()->cut();
    if (pool_) {
        pool_->shutdown_nowait();
    }
}

executor& loop_threads::resolve(executor* wanted) {
    if (wanted == nullptr) {
        wanted = chosen_;
    }
    if (wanted != nullptr) {
        return *wanted;
    }
    return pool_ ? *pool_ : pool_.emplace();
}

bool loop_threads::shut_down_then(handle_core& call) {
    if (!pool_ || given_up_) {
        return false;
    }
    pool_->shutdown_then([link = link(), &call] { link->post(call); });
    return true;
}

void loop_threads::give_up() noexcept {
    given_up_ = true;
    pool_->shutdown_nowait();
}

namespace {

/// The loop waits for threads, and a simulated clock stands still, for as long as it lives.
class counted_work {
public:
    explicit counted_work(loop_core& loop) noexcept : loop_(loop) { loop_.thread_work_begins(); }
    counted_work(const counted_work&) = delete;
    counted_work& operator=(const counted_work&) = delete;
    ~counted_work() { loop_.thread_work_ends(); }

private:
    loop_core& loop_;
};

/// Waits until the threads of the loop's own pool are gone.
coro<void> end_pool(loop_core& loop) {
    loop_threads* threads = find_service<loop_threads>(loop);
    if (threads == nullptr) {
        co_return;
    }
    future<void> gone;
    auto* call = new handle_core(
        loop,
        [gone] {
            if (!gone.done()) {
                gone.set_result();
            }
        },
        context());
    if (threads->shut_down_then(*call)) {
        co_await gone;
    } else {
        call->drop();
    }
}

}  // namespace
}  // namespace detail

void set_default_executor(executor* to) {
    detail::loop_threads::of(detail::running_core("set_default_executor")).choose(to);
}

coro<void> shutdown_default_executor() {
    auto& loop = detail::running_core("shutdown_default_executor");
    const detail::counted_work counted(loop);
    co_await detail::end_pool(loop);
}

coro<void> shutdown_default_executor(nanoseconds limit) {
    auto& loop = detail::running_core("shutdown_default_executor");
    auto body = [&]() -> coro<void> { co_await detail::end_pool(loop); };
    const bool ended = co_await move_on_after(limit, body);
    if (!ended) {
        char line[128];
        std::snprintf(line, sizeof line,
                      "the default executor did not end its threads within %g seconds",
                      std::chrono::duration<double>(limit).count());
        detail::warn(line);
        detail::loop_threads::of(loop).give_up();
    }
}

}  // namespace rondo
