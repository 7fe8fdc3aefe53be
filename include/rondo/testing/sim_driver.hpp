// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/driver.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/testing/network_link.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>

namespace rondo {
class epoll_driver;
}

namespace rondo::testing {

class network;

/// Every task waits, and nothing is left that could wake one. The message shows all tasks.
class deadlock_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The simulated driver: a virtual clock that jumps to the next deadline when nothing is ready, and
/// stands still while threads work for the loop. With a seed, ready tasks and callbacks run in an
/// order that the seed decides. With a link, sockets are simulated, and the clock jumps to what
/// happens between them. Other descriptors that are watched are real ones; they are asked before
/// time moves.
class sim_driver final : public driver {
public:
    explicit sim_driver(std::optional<std::uint64_t> seed = std::nullopt,
                        std::optional<network_link> link = std::nullopt);
    ~sim_driver() override;

    std::string_view name() const noexcept override { return "sim"; }
    time_point now() noexcept override { return now_; }
    void poll(wait until) override;
    void wake() noexcept override;
    void watch(fd_watch& watch, io_events interest) override;
    bool has_lost(fd_watch& watch) override;
    void retire() noexcept override;
    std::optional<std::uint64_t> shuffle_seed() const noexcept override { return seed_; }

    /// Whether descriptors are being watched.
    bool watches_any() const noexcept;
    /// Virtual time since the driver was made.
    nanoseconds elapsed() const noexcept { return now_ - start; }
    /// Moves the clock, as a blocking call would.
    void advance(nanoseconds by) noexcept { now_ += by; }
    /// The simulated network; null when there is none.
    network* net() const noexcept { return net_.get(); }
    /// The same, made now if there is none. Sockets that were made before stay the kernel's.
    network& any_net();

private:
    bool advance_to_event(time_point deadline);
    bool wait_for_descriptors();

    static constexpr time_point start{std::chrono::hours(1)};

    std::optional<std::uint64_t> seed_;
    time_point now_ = start;
    box<epoll_driver> io_;
    box<network> net_;
};

/// A loop on a simulated driver.
box<event_loop> make_sim_loop(std::optional<std::uint64_t> seed = std::nullopt,
                              std::optional<network_link> link = std::nullopt);
/// The simulated driver of the running loop; throws runtime_error when that is another one.
sim_driver& running_sim_driver();

}  // namespace rondo::testing
