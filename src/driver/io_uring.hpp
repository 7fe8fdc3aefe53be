// SPDX-License-Identifier: MIT
#pragma once

#include "driver/epoll.hpp"
#include "driver/spin.hpp"
#include <rondo/core/driver.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rondo {

namespace detail {
class operation_ring;
class ring;
class transfer_ring;
}  // namespace detail

/// The driver over io_uring (Linux 6.1), which tells of the readiness of sockets and pipes without
/// a system call for each that is watched, and of nothing to do without any. Everything else, and
/// what is watched by level, is with an epoll inside. It may be used in one thread after another,
/// and by the child of a fork, at the price of a new ring.
class io_uring_driver final : public driver {
public:
    /// How many requests and completions wait in the queues; more are no error.
    struct sizes {
        unsigned requests = 256;
        unsigned completions = 8192;
    };

    /// Throws std::system_error when the kernel gives no ring, or one that does not work.
    explicit io_uring_driver(sizes queues);
    io_uring_driver() : io_uring_driver(sizes{}) {}
    io_uring_driver(const io_uring_driver&) = delete;
    io_uring_driver& operator=(const io_uring_driver&) = delete;
    ~io_uring_driver() override;

    std::string_view name() const noexcept override { return "io_uring"; }
    time_point now() noexcept override;
    void poll(wait until) override;
    void wake() noexcept override;
    void watch(fd_watch& watch, io_events interest) override;
    bool has_lost(fd_watch& watch) override;
    void retire() noexcept override;
    void spin_before_sleep(nanoseconds at_most) override;

    void recv_each(detail::socket_transfer* first, std::size_t count) noexcept override;
    void send_each(detail::socket_transfer* first, std::size_t count) noexcept override;

    bool takes_operations() noexcept override;
    int start(kernel_operation& operation, const detail::ring_request& request) noexcept override;
    void give_up(kernel_operation& operation) noexcept override;
    void end(kernel_operation& operation) noexcept override;

private:
    /// What is watched at one descriptor number.
    struct slot {
        fd_watch* watch = nullptr;
        io_events interest = io_events::none;
        std::uint8_t pending = 0;  // what is still to be told
        bool on_ring : 1 = false;  // or with the epoll inside
        bool armed : 1 = false;    // the ring has a poll with this generation
        bool in_ready : 1 = false;
        bool in_ended : 1 = false;
        unsigned generation = 0;
    };

    void make_ring();
    void lose_ring() noexcept;
    void leave_ring_of_parent() noexcept;
    void leave_wake_of_parent() noexcept;
    void try_out();
    bool completes(std::uint64_t mark, bool last);
    bool drop_completions() noexcept;

    void arm(std::size_t index) noexcept;
    void arm_mark(int fd, std::uint64_t mark) noexcept;
    void arm_ended() noexcept;
    void disarm(std::size_t index) noexcept;

    bool has_news_until(time_point deadline);
    void enter(time_point deadline);
    void collect() noexcept;
    void collect_mark(std::uint64_t mark, bool last) noexcept;
    void collect_slot(std::size_t index, std::int32_t result, bool last) noexcept;
    void tell();
    bool tell_others();
    epoll_driver& others();
    detail::transfer_ring* transfers_at_once(std::size_t count) noexcept;

    sizes queues_;
    int process_ = 0;  // the one that made ring_
    int wake_ = -1;
    int in_kernel_ = 0;       // polls that have not completed for the last time
    box<detail::ring> ring_;  // none: it is made by the next poll, with all that is watched
    box<epoll_driver> others_;
    box<detail::operation_ring> operations_;  // none: nobody has asked for one
    box<detail::transfer_ring> transfers_;    // none: nobody had several yet
    unsigned batches_without_ring_ = 0;       // before the kernel is asked for it
    bool others_ready_ = false;
    std::vector<slot> slots_;
    std::vector<std::size_t> ready_;
    std::vector<std::size_t> telling_;
    std::vector<std::size_t> ended_;  // polls that ended by themselves, to be made again
    detail::spin spin_;
};

}  // namespace rondo
