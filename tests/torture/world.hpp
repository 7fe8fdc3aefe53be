// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/random.hpp>
#include <rondo/rondo.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/run.hpp>

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace torture {

/// A promise of rondo's that was not kept.
class broken_promise : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What a seeded scenario draws its choices from, and whoever does mischief meanwhile.
class world {
public:
    explicit world(std::uint64_t seed) : lot_(seed), calm_(chance(0.4)) {}

    /// Nobody does mischief, and the network is one on which everything must succeed in time.
    bool calm() const noexcept { return calm_; }

    // ---- choices
    int below(int bound) { return static_cast<int>(lot_.below(static_cast<std::uint64_t>(bound))); }
    bool chance(double of_one) { return lot_.uniform() < of_one; }
    rondo::nanoseconds up_to(rondo::nanoseconds most) {
        return rondo::nanoseconds(
            static_cast<std::int64_t>(lot_.uniform() * static_cast<double>(most.count())));
    }
    std::string text(int size);
    rondo::testing::network_link link();
    void plan_faults(rondo::testing::fault_plan& plan);

    // ---- promises
    static void require(bool kept, const char* promise) {
        if (!kept) {
            throw broken_promise(promise);
        }
    }

    /// Runs tasks to their ends, while partitions come and go, connections are reset, and some of
    /// the tasks are cancelled; then throws what one of them threw. Errors of connections, timeouts
    /// and cancellations that were asked for are not among that.
    rondo::coro<void> survive(std::vector<rondo::any_task> tasks);

private:
    rondo::coro<void> do_mischief(const std::vector<rondo::any_task>& victims);

    rondo::random_source lot_;
    bool calm_;
};

/// Returns when the body is done or, unless the world is calm, has failed as a connection may: with
/// an error of the system, a timeout, or an end that came too early.
rondo::coro<void> despite_the_network(world& w, rondo::coro<void> body);

struct scenario {
    const char* name;
    rondo::coro<void> (*play)(world&);
    bool uses_network;
};
std::span<const scenario> net_scenarios();
std::span<const scenario> task_scenarios();

}  // namespace torture
