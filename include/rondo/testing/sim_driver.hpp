// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/driver.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/driver/epoll.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>

namespace rondo::testing {

/// Every task waits, and nothing is left that could wake one. The message shows all tasks.
class deadlock_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The simulated driver: a virtual clock that jumps to the next deadline when nothing is ready, and
/// stands still while threads work for the loop. With a seed, ready tasks and callbacks run in an
/// order that the seed decides. Descriptors that are watched are real ones; they are asked before
/// time moves.
class sim_driver final : public driver {
public:
    explicit sim_driver(std::optional<std::uint64_t> seed = std::nullopt) : seed_(seed) {}

    std::string_view name() const noexcept override { return "sim"; }
    time_point now() noexcept override { return now_; }
    void poll(wait until) override;
    void wake() noexcept override { io_.wake(); }
    void watch(fd_watch& watch, io_events interest) override { io_.watch(watch, interest); }
    std::optional<std::uint64_t> shuffle_seed() const noexcept override { return seed_; }

    /// Whether descriptors are being watched.
    bool watches_any() const noexcept { return io_.watches_any(); }
    /// Virtual time since the driver was made.
    nanoseconds elapsed() const noexcept { return now_ - start; }
    /// Moves the clock, as a blocking call would.
    void advance(nanoseconds by) noexcept { now_ += by; }

private:
    bool wait_for_descriptors();

    static constexpr time_point start{std::chrono::hours(1)};

    std::optional<std::uint64_t> seed_;
    time_point now_ = start;
    epoll_driver io_;
};

/// A loop on a simulated driver.
box<event_loop> make_sim_loop(std::optional<std::uint64_t> seed = std::nullopt);
/// The simulated driver of the running loop; throws runtime_error when that is another one.
sim_driver& running_sim_driver();

}  // namespace rondo::testing
