// SPDX-License-Identifier: MIT
#pragma once

#include "sys/io_uring.hpp"
#include <rondo/core/detail/waiter.hpp>
#include <rondo/core/driver.hpp>

#include <coroutine>
#include <cstdint>

namespace rondo::detail {

/// What a cancellation does to a call that has begun.
enum class when_begun : std::uint8_t {
    give_up,  // the kernel is asked to give it up, unless it is done before
    finish,   // it goes on, and the cancellation waits for the next await
    go_on,    // the same; and it begins in spite of a cancellation, as a part of what has begun
    once,     // the same; and it is not made again when it was interrupted, as close()
};

/// A system call that the kernel carries out for a loop whose driver takes operations: awaited, it
/// gives the result, or -errno. Whatever `request` refers to lives as long as the call, and a call
/// that is destroyed is ended before.
class ring_call final : public waiter {
public:
    using rondo_awaitable = void;

    /// `refused`: 0, or the -errno that it gives instead of asking the kernel.
    ring_call(const char* name, const sys::ring_request& request, int refused, when_begun policy)
        : name_(name), request_(request), policy_(policy), result_(refused), operation_(*this) {}
    ring_call(const ring_call&) = delete;
    ring_call& operator=(const ring_call&) = delete;
    ~ring_call() { end(); }

    /// Waits, without the loop, until the kernel is done with it.
    void end() noexcept;
    /// Whether the kernel has taken it.
    bool has_begun() const noexcept { return has_begun_; }
    std::int32_t result() const noexcept { return result_; }

    bool await_ready();
    void await_suspend(std::coroutine_handle<> handle) noexcept;
    std::int32_t await_resume();
    cancel_answer cancel() noexcept override;
    const char* operation() const noexcept override { return name_; }

private:
    struct in_kernel final : kernel_operation {
        explicit in_kernel(ring_call& of) noexcept : call(of) {}
        void on_done(std::int32_t result) noexcept override { call.done(result); }
        ring_call& call;
    };

    void begin() noexcept;
    void done(std::int32_t result) noexcept;
    bool was_given_up() const noexcept;
    bool is_to_be_repeated() const noexcept;

    const char* name_;
    sys::ring_request request_;
    when_begun policy_;
    bool has_begun_ = false;
    bool under_way_ = false;
    bool waits_ = false;
    bool given_up_ = false;
    std::int32_t result_;
    driver* io_ = nullptr;
    in_kernel operation_;
};

}  // namespace rondo::detail
