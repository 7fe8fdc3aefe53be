// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/async_generator.hpp>
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/clock.hpp>
#include <rondo/core/detail/argument.hpp>
#include <rondo/core/detail/timer_heap.hpp>
#include <rondo/core/detail/waiter.hpp>

#include <coroutine>
#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {

/// Writes down the order in which tasks and futures end, whether somebody asks or not.
class completion_order {
public:
    using members = std::vector<core_ref<future_core>>;

    completion_order(const members& of, time_point deadline);
    completion_order(const completion_order&) = delete;
    completion_order& operator=(const completion_order&) = delete;
    ~completion_order();

    /// The await of the next one that ends: gives its index. Throws timeout_error when none has
    /// ended by the deadline.
    class awaiter final : public waiter, private timer_node {
    public:
        using rondo_awaitable = void;

        explicit awaiter(completion_order& of) noexcept : of_(&of) {}
        ~awaiter() { stop_waiting(); }
        bool await_ready();
        void await_suspend(std::coroutine_handle<> handle);
        std::size_t await_resume();
        cancel_answer cancel() noexcept override;
        const char* operation() const noexcept override { return "as_completed"; }
        void awaited(std::vector<const future_core*>& list) const override;

    private:
        friend class completion_order;

        void expire() noexcept override;
        void stop_waiting() noexcept;

        completion_order* of_;
        bool yields_ = false;
    };
    awaiter next() noexcept { return awaiter(*this); }

private:
    struct member final : listener {
        void notify() noexcept override { owner->member_done(*this); }
        completion_order* owner = nullptr;
        core_ref<future_core> core;
    };

    void member_done(const member& m) noexcept;

    std::vector<member> members_;
    std::vector<std::size_t> ended_;  // has room for all
    std::size_t given_ = 0;
    time_point deadline_;
    awaiter* waiting_ = nullptr;
};

template <class T>
task<T> as_handle(coro<T>& c) {
    return rondo::create_task(std::move(c));
}
template <class Handle>
Handle as_handle(Handle& handle) {
    return handle;
}

/// Each once, in the order given; returns the cores.
template <class Handle>
completion_order::members drop_duplicates(std::vector<Handle>& handles) {
    completion_order::members cores;
    std::vector<Handle> unique;
    for (Handle& h : handles) {
        auto core = core_ref<future_core>::share(h.core());
        bool is_new = true;
        for (const auto& known : cores) {
            is_new = is_new && known != core;
        }
        if (is_new) {
            cores.push_back(std::move(core));
            unique.push_back(std::move(h));
        }
    }
    handles = std::move(unique);
    return cores;
}

template <class Handle>
async_generator<Handle> in_completion_order(std::vector<Handle> handles,
                                            box<completion_order> order) {
    for (std::size_t given = 0; given < handles.size(); ++given) {
        const std::size_t index = co_await order->next();
        co_yield handles[index];
    }
}

template <class R>
auto as_completed_until(R& range, time_point deadline) {
    using item = std::remove_cvref_t<decltype(*std::begin(range))>;
    static_assert(is_coro_v<item> || task_or_future<item> || std::is_same_v<item, any_task>,
                  "as_completed() takes a range of coroutines, tasks or futures");
    using handle_type = decltype(detail::as_handle(std::declval<item&>()));
    std::vector<handle_type> handles;
    for (auto&& each : range) {
        handles.push_back(detail::as_handle(each));
    }
    const auto cores = detail::drop_duplicates(handles);
    auto order = rondo::make_box<completion_order>(cores, deadline);
    return detail::in_completion_order(std::move(handles), std::move(order));
}

}  // namespace detail

/// asyncio.as_completed: gives tasks or futures one by one, in the order in which they end, each
/// once. Coroutines become tasks, which start at once.
///
///     auto finished = rondo::as_completed(pages, 10s);
///     while (auto page = co_await finished.next()) { show(page->result()); }
///
/// Returns: an async_generator of the handles; each is done. Throws (from next()): timeout_error
/// when the time is up and no other has ended in time, which ends the generator; never the members'
/// errors. Cancellation: leaves the members running. Fairness: next() yields unless one has ended
/// already. Threads: the loop's.
template <class R>
auto as_completed(R&& range) {
    return detail::as_completed_until(range, time_point::max());
}
template <class R, class Rep, class Period>
auto as_completed(R&& range, std::chrono::duration<Rep, Period> limit) {
    return detail::as_completed_until(range, detail::deadline_after(detail::to_nanoseconds(limit)));
}

}  // namespace rondo
