// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/with.hpp>
#include <rondo/threads/run_on_loops.hpp>
#include <rondo/threads/submit_to.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

/// One T for each loop of run_on_loops: state that no two threads share, such as each loop's part
/// of a cache. A loop touches its own T directly and asks the others for theirs.
///
///     rondo::sharded<std::map<std::string, int>> counts(2);
///     // in each loop, with `here` its loop_place:
///     counts.emplace(here);
///     ++counts.local(here)[word];
///     auto look_up = [&word](auto& theirs) { return theirs[word]; };
///     int n = co_await counts.invoke_on(here, 1, look_up);
///
/// It must outlive run_on_loops. What is left is destroyed with it.
template <class T>
class sharded {
public:
    explicit sharded(std::size_t loops) : shards_(loops) {}
    sharded(const sharded&) = delete;
    sharded& operator=(const sharded&) = delete;

    /// Makes this loop's T; the one before is destroyed.
    template <class... Args>
    T& emplace(const loop_place& here, Args&&... args) {
        return shards_.at(here.index()).value.emplace(std::forward<Args>(args)...);
    }
    /// Destroys this loop's T, for what has to end in its own loop.
    void reset(const loop_place& here) { shards_.at(here.index()).value.reset(); }
    /// This loop's T. Throws runtime_error when it was not made.
    T& local(const loop_place& here) { return made(shards_.at(here.index())); }

    /// Runs fn(T&), a plain function, in the loop of that index, with its T.
    /// Returns: what fn returns. Throws: what fn throws; runtime_error when there is no T, or that
    /// loop has closed; out_of_range. Cancellation, Fairness, Threads: as submit_to.
    template <class F>
    [[nodiscard]] auto invoke_on(loop_place here, std::size_t index, F&& fn) {
        detail::check_callable<F>();
        return call_in<std::decay_t<F>>(here, index, std::forward<F>(fn));
    }

    /// fn(T&) of every loop, one after the other, in the order of their indices; each gets a copy.
    /// Returns: a vector (of std::monostate for void).
    template <class F>
    [[nodiscard]] auto map(loop_place here, F&& fn) {
        detail::check_callable<F>();
        return call_in_all<std::decay_t<F>>(here, std::forward<F>(fn));
    }

private:
    struct alignas(64) shard {  // no two loops write to the same cache line
        std::optional<T> value;
    };

    static T& made(shard& of) {
        if (!of.value) {
            throw std::runtime_error(
                "sharded: this loop has not made its part; call emplace first");
        }
        return *of.value;
    }
    template <class F>
    using result_t = std::invoke_result_t<F&, T&>;

    template <class F>
    static coro<result_t<F>> call(shard* of, F fn) {
        co_return fn(made(*of));
    }
    template <class F>
    coro<result_t<F>> call_in(const loop_place& here, std::size_t index, F fn) {
        return detail::submit(here.loop(index), call<F>, &shards_.at(index), std::move(fn));
    }
    template <class F>
    coro<std::vector<detail::kept_result_t<result_t<F>>>> call_in_all(loop_place here, F fn) {
        std::vector<detail::kept_result_t<result_t<F>>> results;
        for (std::size_t i = 0; i < here.count(); ++i) {
            auto one = call_in(here, i, F(fn));
            if constexpr (std::is_void_v<result_t<F>>) {
                co_await std::move(one);
                results.emplace_back();
            } else {
                results.push_back(co_await std::move(one));
            }
        }
        co_return std::move(results);
    }

    std::vector<shard> shards_;
};

}  // namespace rondo
