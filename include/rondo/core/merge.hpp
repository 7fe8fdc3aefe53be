// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/adaptors.hpp>
#include <rondo/core/async_generator.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/future.hpp>
#include <rondo/core/task.hpp>
#include <rondo/core/with.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {

/// Where the pumps of a merge leave elements and the merge takes them. Lives as long as any of
/// both. A pump leaves one element at a time and waits until it is taken, so no source runs ahead.
template <class T>
class merge_hub {
public:
    explicit merge_hub(std::size_t pumps) noexcept : pumps_(pumps) {}
    merge_hub(const merge_hub&) = delete;
    merge_hub& operator=(const merge_hub&) = delete;

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

    // ---- for the pumps
    coro<void> leave(T element) {
        if (closing_) {
            throw cancelled_error();  // the source went on after it was cancelled
        }
        future<void> taken;
        left_.push_back(*new left_element(std::move(element), taken));
        wake();
        co_await taken;
    }
    void pump_ended(std::exception_ptr error) noexcept {
        --pumps_;
        const bool expected = closing_ && is_cancellation(error);
        if (error && !error_ && !expected) {
            error_ = std::move(error);
        }
        wake();
    }

    // ---- for the merge
    /// The next element; nullopt at the end. Throws the first error once there are no elements.
    coro<std::optional<T>> take() {
        while (left_.empty() && !error_ && pumps_ > 0) {
            news_.emplace();
            co_await *news_;
        }
        rethrow_if_failed();
        std::optional<T> element;
        if (const box<left_element> first(left_.pop_front()); first.get() != nullptr) {
            if (!first->taken.done()) {
                first->taken.set_result();
            }
            element.emplace(std::move(first->element));
        }
        co_return std::move(element);
    }
    void rethrow_if_failed() {
        if (left_.empty() && error_) {
            std::rethrow_exception(std::exchange(error_, nullptr));
        }
    }
    /// From now on cancelled pumps are no errors, and what is left is dropped.
    void close() noexcept {
        closing_ = true;
        drop_what_is_left();
    }

private:
    struct left_element : list_node {
        left_element(T&& value, future<void> until)
            : element(std::move(value)), taken(std::move(until)) {}
        T element;
        future<void> taken;
    };

    ~merge_hub() { drop_what_is_left(); }
    void drop_what_is_left() noexcept {
        while (left_element* element = left_.pop_front()) {
            delete element;
        }
    }
    void wake() {
        if (news_ && !news_->done()) {
            news_->set_result();
        }
    }

    intrusive_list<left_element> left_;
    std::optional<future<void>> news_;
    std::exception_ptr error_;
    std::size_t pumps_;
    unsigned references_ = 1;
    bool closing_ = false;
};

/// Tasks that end with their owner: waited for when it stops them, else merely cancelled.
class pump_tasks {
public:
    pump_tasks() = default;
    pump_tasks(const pump_tasks&) = delete;
    pump_tasks& operator=(const pump_tasks&) = delete;
    ~pump_tasks() { cancel(); }

    void add(task<void> pump) { pumps_.push_back(std::move(pump)); }
    void cancel() noexcept {
        for (const task<void>& pump : pumps_) {
            pump.cancel();
        }
    }
    coro<void> stop() {
        const shielded shield;
        cancel();
        for (const task<void>& pump : pumps_) {
            co_await detail::end_of(pump);
        }
    }

private:
    std::vector<task<void>> pumps_;
};

template <class G>
coro<void> pump_into(core_ref<merge_hub<element_t<G>>> hub, G source) {
    std::exception_ptr error;
    try {
        while (auto element = co_await source.next()) {
            co_await hub->leave(std::move(*element));
        }
    } catch (...) {
        error = std::current_exception();
    }
    try {
        co_await detail::leave_source<G>(source, error);
    } catch (...) {
        error = std::current_exception();
    }
    hub->pump_ended(std::move(error));
}

template <class G>
async_generator<element_t<G>> merge_each(std::vector<G> sources) {
    using hub_type = merge_hub<element_t<G>>;
    const auto hub = core_ref<hub_type>::adopt(*new hub_type(sources.size()));
    pump_tasks pumps;
    for (G& source : sources) {
        pumps.add(rondo::create_task(detail::pump_into<G>(hub, std::move(source))));
    }
    std::exception_ptr error;
    try {
        while (auto element = co_await hub->take()) {
            co_yield std::move(*element);
        }
    } catch (...) {
        error = std::current_exception();
    }
    hub->close();
    co_await pumps.stop();
    hub->rethrow_if_failed();
    if (error) {
        std::rethrow_exception(std::move(error));
    }
}

}  // namespace detail

/// The elements of all sources, in the order in which they come: the sources run beside each other,
/// each in a task of its own, from the first next() on, and none runs ahead of what is taken by
/// more than one element. The first error of a source, after the elements that came before it, ends
/// the merge. When it ends, by itself, by an error or by aclose(), the tasks are cancelled and
/// waited for, and the sources are closed. One that is merely destroyed only cancels them. The
/// sources are owned.
template <detail::async_source G>
async_generator<detail::element_t<G>> merge(std::vector<G> sources) {
    return detail::merge_each<G>(std::move(sources));
}
template <detail::async_source G, std::same_as<G>... More>
async_generator<detail::element_t<G>> merge(G&& first, More&&... more) {
    static_assert(!std::is_reference_v<G>,
                  "merge() owns its sources, which run in tasks: std::move() named ones");
    std::vector<G> sources;
    sources.reserve(1 + sizeof...(More));
    sources.push_back(std::move(first));
    (sources.push_back(std::move(more)), ...);
    return detail::merge_each<G>(std::move(sources));
}

}  // namespace rondo
