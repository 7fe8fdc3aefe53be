// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/unique_function.hpp>

#include <utility>

namespace rondo::detail {

template <class Signature>
class replaceable_function;

/// A function that may be replaced, or taken away, while it runs: it lives until it has returned.
template <class R, class... Args>
class replaceable_function<R(Args...)> {
public:
    using function = unique_function<R(Args...)>;

    replaceable_function() = default;
    replaceable_function(const replaceable_function&) = delete;
    replaceable_function& operator=(const replaceable_function&) = delete;
    ~replaceable_function() { release(held_); }

    /// Null takes it away.
    void replace(function with) {
        holder* const made = with ? new holder{std::move(with)} : nullptr;
        release(std::exchange(held_, made));
    }
    explicit operator bool() const noexcept { return held_ != nullptr; }
    R operator()(Args... args) const {
        const running now(held_);
        return now.held->fn(std::forward<Args>(args)...);
    }

private:
    struct holder {
        function fn;
        unsigned references = 1;
    };
    struct running {
        explicit running(holder* h) noexcept : held(h) { ++h->references; }
        running(const running&) = delete;
        running& operator=(const running&) = delete;
        ~running() { release(held); }
        holder* held;
    };

    static void release(holder* h) noexcept {
        if (h != nullptr && --h->references == 0) {
            delete h;
        }
    }

    holder* held_ = nullptr;
};

}  // namespace rondo::detail
