// SPDX-License-Identifier: MIT
#include "driver/epoll.hpp"
#include <rondo/core/debug.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/sim_driver.hpp>

#include <algorithm>

namespace rondo::testing {

namespace {

/// How long a descriptor that nobody in this process writes to may keep a simulation waiting.
constexpr nanoseconds patience = std::chrono::seconds(10);

}  // namespace

sim_driver::sim_driver(std::optional<std::uint64_t> seed, std::optional<network_link> link)
    : seed_(seed), io_(make_box<epoll_driver>()) {
    if (link) {
        net_ = make_box<network>(seed.value_or(0), now_, *link);
    }
}

sim_driver::~sim_driver() = default;

network& sim_driver::any_net() {
    if (net_ == nullptr) {
        net_ = make_box<network>(seed_.value_or(0), now_, network_link{});
    }
    return *net_;
}

void sim_driver::wake() noexcept { io_->wake(); }
bool sim_driver::has_lost(fd_watch& watch) { return io_->has_lost(watch); }

void sim_driver::watch(fd_watch& watch, io_events interest) {
    if (net_ != nullptr && net_->has(watch.fd())) {
        net_->watch(watch, interest);
    } else {
        io_->watch(watch, interest);
    }
}

void sim_driver::retire() noexcept {
    if (net_ != nullptr) {
        net_->retire();
    }
}

bool sim_driver::watches_any() const noexcept {
    return io_->watches_any() || (net_ != nullptr && net_->watches_any());
}

void sim_driver::poll(wait until) {
    const bool told = io_->poll_once(nanoseconds::zero()) > 0;
    if ((net_ != nullptr && net_->deliver() > 0) || told || until.deadline == time_point::min()) {
        return;
    }
    if (until.threads_at_work) {
        io_->poll_once(nanoseconds(-1));
        return;
    }
    if (advance_to_event(until.deadline)) {
        return;
    }
    if (io_->watches_any() && wait_for_descriptors()) {
        return;
    }
    throw deadlock_error("deadlock: every task waits, and nothing can wake one; " +
                         format_task_tree());
}

/// Moves the clock until something happens that somebody waits for; false if nothing ever will.
bool sim_driver::advance_to_event(time_point deadline) {
    for (;;) {
        const time_point next =
            std::min(deadline, net_ != nullptr ? net_->next_event() : time_point::max());
        if (next == time_point::max()) {
            return false;
        }
        now_ = std::max(now_, next);
        if ((net_ != nullptr && net_->deliver() > 0) || now_ >= deadline) {
            return true;
        }
    }
}

/// In real time. Whatever interrupts a wait, such as a signal, does not end it.
bool sim_driver::wait_for_descriptors() {
    const time_point end = io_->now() + patience;
    for (nanoseconds left = patience; left > nanoseconds::zero(); left = end - io_->now()) {
        if (io_->poll_once(left) > 0) {
            return true;
        }
    }
    return false;
}

box<event_loop> make_sim_loop(std::optional<std::uint64_t> seed, std::optional<network_link> link) {
    return make_box<event_loop>(make_box<sim_driver>(seed, link));
}

sim_driver& running_sim_driver() {
    auto* sim = dynamic_cast<sim_driver*>(&detail::running_core("running_sim_driver").io());
    if (sim == nullptr) {
        throw std::runtime_error("running_sim_driver: the running loop is not simulated");
    }
    return *sim;
}

}  // namespace rondo::testing
