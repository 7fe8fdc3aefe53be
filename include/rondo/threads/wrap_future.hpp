// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/threads/detail/thread_job.hpp>

#include <future>
#include <utility>

namespace rondo {

/// Awaits a std::future, which can only be waited for by blocking: one thread of the running loop's
/// pool does so, and the end of `run` waits for that thread.
///
/// Returns: what the future gives. Throws: what it throws. Cancellation: at once; the thread goes
/// on waiting, and what it gets is dropped. Fairness: always yields. Threads: the loop's.
template <class T>
[[nodiscard]] coro<T> wrap_future(std::future<T> of) {
    const auto get = [](std::future<T> f) -> T { return f.get(); };
    return detail::in_thread(nullptr, detail::when_cancelled::abandon, get, std::move(of));
}

}  // namespace rondo
