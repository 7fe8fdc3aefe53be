// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/testing/sim_driver.hpp>

namespace rondo::testing {

namespace {

/// How long a descriptor that nobody in this process writes to may keep a simulation waiting.
constexpr nanoseconds patience = std::chrono::seconds(10);

}  // namespace

void sim_driver::poll(wait until) {
    if (io_.poll_once(nanoseconds::zero()) > 0 || until.deadline == time_point::min()) {
        return;
    }
    if (until.threads_at_work) {
        io_.poll_once(nanoseconds(-1));
        return;
    }
    if (until.deadline != time_point::max()) {
        now_ = std::max(now_, until.deadline);
        return;
    }
    if (io_.watches_any() && wait_for_descriptors()) {
        return;
    }
    throw deadlock_error("deadlock: every task waits, and nothing can wake one; " +
                         format_task_tree());
}

/// In real time. Whatever interrupts a wait, such as a signal, does not end it.
bool sim_driver::wait_for_descriptors() {
    const time_point end = io_.now() + patience;
    for (nanoseconds left = patience; left > nanoseconds::zero(); left = end - io_.now()) {
        if (io_.poll_once(left) > 0) {
            return true;
        }
    }
    return false;
}

box<event_loop> make_sim_loop(std::optional<std::uint64_t> seed) {
    return make_box<event_loop>(make_box<sim_driver>(seed));
}

sim_driver& running_sim_driver() {
    auto* sim = dynamic_cast<sim_driver*>(&detail::running_core("running_sim_driver").io());
    if (sim == nullptr) {
        throw std::runtime_error("running_sim_driver: the running loop is not simulated");
    }
    return *sim;
}

}  // namespace rondo::testing
