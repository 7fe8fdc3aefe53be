// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/awaitable.hpp>
#include <rondo/core/coro.hpp>

#include <system_error>
#include <utility>

namespace rondo_test {

/// The errno of the system_error that `awaited` ends with; 0 when it does not.
template <rondo::awaitable A>
rondo::coro<int> errno_of(A awaited) {
    try {
        static_cast<void>(co_await std::move(awaited));
    } catch (const std::system_error& e) {
        co_return e.code().value();
    }
    co_return 0;
}

/// The same for what is called.
template <class F>
int errno_of_call(F call) {
    try {
        call();
    } catch (const std::system_error& e) {
        return e.code().value();
    }
    return 0;
}

}  // namespace rondo_test
