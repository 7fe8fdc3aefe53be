// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/sync/detail/quick_awaiter.hpp>

#include <utility>

namespace rondo {

/// What `co_await x.scoped()` gives: releases x at the end of the C++ scope. Move-only. It may not
/// outlive x.
template <class Held>
class [[nodiscard("the object is released when this is destroyed: give it a name")]] scoped_hold {
public:
    /// Takes over the duty to release `held`, which has been acquired.
    explicit scoped_hold(Held& held) noexcept : held_(&held) {}
    scoped_hold(scoped_hold&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
    scoped_hold& operator=(scoped_hold&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }
    ~scoped_hold() {
        if (held_ != nullptr) {
            held_->release();
        }
    }

private:
    Held* held_;
};

namespace detail {

/// A request to acquire something that gives a scoped_hold.
template <class Request>
class scoped : public Request {
public:
    using waiter = turn_waiter<scoped>;

    using Request::Request;
    auto result() const noexcept { return scoped_hold(this->wanted()); }
};

}  // namespace detail
}  // namespace rondo
