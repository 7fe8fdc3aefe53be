// SPDX-License-Identifier: MIT
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

/// The least that coroutines with a scheduler can do, as the limit to compare with: one thread, a
/// ring of handles, a pool of frames; no errors, no cancellation, nothing to look at.
namespace raw {

class pool {
public:
    static void* allocate(std::size_t size) {
        block*& head = free_[(size - 1) / granule];
        if (head == nullptr) [[unlikely]] {
            return carve((size + granule - 1) / granule * granule);
        }
        return std::exchange(head, head->next);
    }
    static void deallocate(void* at, std::size_t size) noexcept {
        block*& head = free_[(size - 1) / granule];
        head = ::new (at) block{head};
    }

private:
    struct block {
        block* next;
    };

    static void* carve(std::size_t size) {
        if (left_ < size) {
            left_ = slab_size;
            slab_ = static_cast<std::byte*>(::operator new(slab_size));
        }
        left_ -= size;
        return std::exchange(slab_, slab_ + size);
    }

    static constexpr std::size_t granule = 32;
    static constexpr std::size_t slab_size = std::size_t{1} << 20;
    static inline block* free_[64] = {};
    static inline std::byte* slab_ = nullptr;
    static inline std::size_t left_ = 0;
};

class ring {
public:
    void push(std::coroutine_handle<> h) {
        if (tail_ - head_ == items_.size()) [[unlikely]] {
            grow();
        }
        items_[tail_++ & mask_] = h;
    }
    bool empty() const noexcept { return head_ == tail_; }
    /// Runs until nothing is ready.
    void run() {
        while (head_ != tail_) {
            items_[head_++ & mask_].resume();
            while (next) {
                std::exchange(next, {}).resume();
            }
        }
    }

    static inline std::coroutine_handle<> next;

private:
    void grow() {
        std::vector<std::coroutine_handle<>> larger(items_.size() * 2);
        for (std::size_t i = head_; i != tail_; ++i) {
            larger[i & (larger.size() - 1)] = items_[i & mask_];
        }
        items_ = std::move(larger);
        mask_ = items_.size() - 1;
    }

    std::vector<std::coroutine_handle<>> items_ = std::vector<std::coroutine_handle<>>(64);
    std::size_t mask_ = 63;
    std::size_t head_ = 0;
    std::size_t tail_ = 0;
};

inline ring ready;

/// Lazy, awaited once; or spawned, and then awaited.
class coro {
public:
    struct promise_type {
        std::coroutine_handle<> continuation;
        std::int64_t value = 0;
        bool spawned = false;

        static void* operator new(std::size_t size) { return pool::allocate(size); }
        static void operator delete(void* at, std::size_t size) noexcept {
            pool::deallocate(at, size);
        }
        coro get_return_object() noexcept {
            return coro(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        static std::suspend_always initial_suspend() noexcept { return {}; }
        struct final_awaiter {
            static bool await_ready() noexcept { return false; }
            static void await_suspend(std::coroutine_handle<promise_type> h) noexcept {
                const promise_type& ended = h.promise();
                if (!ended.spawned) {
                    ring::next = ended.continuation;
                } else if (ended.continuation) {
                    ready.push(ended.continuation);
                }
            }
            static void await_resume() noexcept {}
        };
        static final_awaiter final_suspend() noexcept { return {}; }
        void return_value(std::int64_t v) noexcept { value = v; }
        static void unhandled_exception() noexcept {}
    };

    coro(coro&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
    coro& operator=(coro&&) = delete;
    ~coro() {
        if (frame_) {
            frame_.destroy();
        }
    }

    bool done() const noexcept { return frame_.done(); }

    bool await_ready() const {
        if (!frame_.promise().spawned) {
            frame_.resume();
        }
        return frame_.done();
    }
    void await_suspend(std::coroutine_handle<> parent) const noexcept {
        frame_.promise().continuation = parent;
    }
    std::int64_t await_resume() const noexcept { return frame_.promise().value; }

    coro spawn() && {
        frame_.promise().spawned = true;
        ready.push(frame_);
        return std::move(*this);
    }

private:
    explicit coro(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    std::coroutine_handle<promise_type> frame_;
};

struct yield {
    static bool await_ready() noexcept { return false; }
    static void await_suspend(std::coroutine_handle<> h) { ready.push(h); }
    static void await_resume() noexcept {}
};

}  // namespace raw
