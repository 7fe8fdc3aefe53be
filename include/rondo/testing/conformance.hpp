// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/awaitable.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/testing/run.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::testing {

/// A type does not keep a promise that all of its kind keep. The message is the promise.
class conformance_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

namespace conformance {

inline void require(bool kept, const std::string& promise) {
    if (!kept) {
        throw conformance_error(promise);
    }
}

/// Runs the check of one promise, and blames the promise for whatever comes of it: a deadlock, a
/// leak, an error.
template <class Check>
void hold(const char* promise, Check check) {
    try {
        rondo::testing::run(check());
    } catch (const conformance_error&) {
        throw conformance_error(promise);
    } catch (const std::exception& error) {
        throw conformance_error(std::string(promise) + "; " + error.what());
    }
}

/// What make() gives, or what its coroutine does.
template <class Make>
auto made_by(Make& make) -> coro<decltype(make())>
    requires(!awaitable<decltype(make())>)
{
    co_return make();
}
template <class Make>
auto made_by(Make& make) -> decltype(make())
    requires awaitable<decltype(make())>
{
    return make();
}

}  // namespace conformance
}  // namespace rondo::testing
