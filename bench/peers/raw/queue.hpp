// SPDX-License-Identifier: MIT
#pragma once

#include "coro.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace raw {

/// For one producer and one consumer, which go on by the ring.
template <std::size_t Most>
class queue {
public:
    class put_awaiter {
    public:
        put_awaiter(queue& to, std::int64_t item) noexcept : to_(&to), item_(item) {}
        bool await_ready() const noexcept { return to_->size_ < Most; }
        void await_suspend(std::coroutine_handle<> h) const noexcept { to_->producer_ = h; }
        void await_resume() const {
            const std::size_t place = to_->first_ + to_->size_++;
            to_->items_[place < Most ? place : place - Most] = item_;
            wake(to_->consumer_);
        }

    private:
        queue* to_;
        std::int64_t item_;
    };

    class get_awaiter {
    public:
        explicit get_awaiter(queue& from) noexcept : from_(&from) {}
        bool await_ready() const noexcept { return from_->size_ > 0; }
        void await_suspend(std::coroutine_handle<> h) const noexcept { from_->consumer_ = h; }
        std::int64_t await_resume() const {
            const std::int64_t item = from_->items_[from_->first_];
            from_->first_ = from_->first_ + 1 < Most ? from_->first_ + 1 : 0;
            --from_->size_;
            wake(from_->producer_);
            return item;
        }

    private:
        queue* from_;
    };

    put_awaiter put(std::int64_t item) noexcept { return put_awaiter(*this, item); }
    get_awaiter get() noexcept { return get_awaiter(*this); }

private:
    static void wake(std::coroutine_handle<>& who) {
        if (who) {
            ready.push(std::exchange(who, {}));
        }
    }

    std::int64_t items_[Most] = {};
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    std::coroutine_handle<> producer_;
    std::coroutine_handle<> consumer_;
};

}  // namespace raw
