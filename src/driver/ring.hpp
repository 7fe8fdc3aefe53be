// SPDX-License-Identifier: MIT
#pragma once

#include "sys/io_uring.hpp"
#include <rondo/core/clock.hpp>

#include <cstdint>

namespace rondo::detail {

/// Throws the std::system_error that says why there is no ring, and what to use instead.
[[noreturn]] void refuse(int negative_errno, const char* operation);

/// Who uses a ring, and so where the kernel makes its completions.
enum class ring_user : std::uint8_t {
    one_thread,   // in the thread that made it, when it asks; others get -EEXIST
    any_threads,  // at once, wherever the kernel is
};

/// An io_uring: requests go in, completions come out.
///
/// Invariants:
///  1. That of one_thread belongs to the thread that made it. In any other one hand_over() and
///     wait() give -EEXIST and change nothing, and the kernel ends what it does when that thread
///     ends.
///  2. Requests are handed over in the order in which they were made, none twice.
///  3. A request that is in the kernel holds its file open, also after close().
class ring {
public:
    /// Throws std::system_error when the kernel gives none.
    ring(unsigned requests, unsigned completions, ring_user user = ring_user::one_thread);
    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;
    /// What is in the kernel ends soon after, and not at once.
    ~ring();

    // Requests stay here until they are handed over. False when there is no room, and the kernel
    // takes none of those that are there.

    /// Tells of each change of `fd` that `events` name, beginning with what is true already.
    [[nodiscard]] bool poll(int fd, std::uint32_t events, std::uint64_t mark) noexcept;
    /// Ends the poll that has this mark, which completes by that.
    [[nodiscard]] bool cancel(std::uint64_t mark) noexcept;
    [[nodiscard]] bool cancel_all() noexcept;
    /// Whatever else the kernel can do.
    [[nodiscard]] bool ask(const sys::ring_request& what, std::uint64_t mark) noexcept;

    /// Hands requests over and lets the kernel do what it has to do here. 0, or -errno.
    int hand_over() noexcept;
    /// The same, and waits for a completion; negative means for ever.
    int wait(nanoseconds at_most) noexcept;
    /// How many were not handed over.
    std::uint32_t requests() const noexcept;
    bool has_requests() const noexcept { return requests() > 0; }
    /// Drops them.
    void drop_requests() noexcept { tail_ -= requests(); }
    /// Takes the oldest completion; false when there is none.
    bool next(sys::ring_completion& oldest) noexcept;

    /// Readable while there are completions, for a ring of any_threads.
    int descriptor() const noexcept { return fd_; }
    /// Neither requests, nor completions, nor work in the kernel: hand_over() would do nothing.
    bool is_idle() const noexcept;

private:
    sys::ring_request* add(std::uint8_t operation, std::uint64_t mark) noexcept;
    int enter(unsigned wait_for, nanoseconds at_most) noexcept;

    sys::ring_queues queues_;
    int fd_;
    std::uint32_t tail_ = 0;  // of the requests
};

/// The mark of completions that nobody waits for.
inline constexpr std::uint64_t unmarked = ~std::uint64_t{0};

}  // namespace rondo::detail
