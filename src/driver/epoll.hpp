// SPDX-License-Identifier: MIT
#pragma once

#include "driver/spin.hpp"
#include <rondo/core/driver.hpp>

#include <vector>

namespace rondo {

/// The driver over epoll, to the nanosecond where the kernel has epoll_pwait2 (5.11). The child of
/// a fork makes itself a set of its own, of what it still watches, and leaves that of its parent
/// alone.
class epoll_driver final : public driver {
public:
    /// Throws std::system_error when the kernel gives no descriptor.
    epoll_driver();
    epoll_driver(const epoll_driver&) = delete;
    epoll_driver& operator=(const epoll_driver&) = delete;
    ~epoll_driver() override;

    std::string_view name() const noexcept override { return "epoll"; }
    time_point now() noexcept override;
    void poll(wait until) override;
    void wake() noexcept override;
    void watch(fd_watch& watch, io_events interest) override;
    bool has_lost(fd_watch& watch) override;
    void forget(fd_watch& watch) override;
    void spin_before_sleep(nanoseconds at_most) override;

    /// Polls, negative for ever; how many events there were, wake() included. For the simulator.
    int poll_once(nanoseconds at_most);
    /// Readable while anything is ready: for a driver that has this one inside. Another one may
    /// take its place in poll_once().
    int descriptor() const noexcept { return epoll_; }
    /// In the child of a fork: descriptor() is another one from here on. Throws
    /// std::system_error.
    void leave_parent();
    /// Whether anything is being watched.
    bool watches_any() const noexcept { return watched_ > 0; }

private:
    /// What is watched at one descriptor number. The generation tells events of a closed descriptor
    /// from those of its successor with the same number.
    struct slot {
        fd_watch* watch = nullptr;
        io_events interest = io_events::none;
        unsigned generation = 0;
    };

    void open();
    void close() noexcept;
    int fill(int set) noexcept;
    void drop_strays() noexcept;
    void change_watch(slot& s, fd_watch& watch, io_events interest);
    void end_watch(slot& s) noexcept;

    int epoll_ = -1;
    int wake_ = -1;
    int process_ = 0;  // the one that made epoll_
    int watched_ = 0;
    int strays_ = 0;      // how many polls in a row met one
    unsigned ended_ = 0;  // watches, ever
    std::vector<slot> slots_;
    detail::spin spin_;
};

}  // namespace rondo
