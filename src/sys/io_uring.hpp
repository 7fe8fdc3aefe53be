// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

/// io_uring: two queues in memory that is shared with the kernel, and the call that makes it look
/// at them. Negative results are -errno.
namespace rondo {

namespace detail {

/// What the kernel is asked to do; the same bytes as its io_uring_sqe.
struct ring_request {
    std::uint8_t operation;
    std::uint8_t flags;
    std::uint16_t priority;
    std::int32_t fd;
    std::uint64_t offset;
    std::uint64_t address;
    std::uint32_t length;
    std::uint32_t options;
    std::uint64_t data;  // comes back in each of its completions
    std::uint64_t unused[3];
};

}  // namespace detail

namespace sys {

using detail::ring_request;

/// What has become of a request; the same bytes as the kernel's io_uring_cqe.
struct ring_completion {
    std::uint64_t data;
    std::int32_t result;
    std::uint32_t flags;
};

// Operations and what they take.
inline constexpr std::uint8_t ring_poll_add = 6;
inline constexpr std::uint8_t ring_async_cancel = 14;
inline constexpr std::uint8_t ring_no_completion_on_success = 1u << 6;  // flags
inline constexpr std::uint32_t ring_poll_multishot = 1u << 0;           // length of poll_add
inline constexpr std::uint32_t ring_cancel_all = 1u << 0;               // options of async_cancel
inline constexpr std::uint32_t ring_cancel_any = 1u << 2;
// Flags of a completion.
inline constexpr std::uint32_t ring_more_to_come = 1u << 1;
// What *ring_queues::state says.
inline constexpr std::uint32_t ring_has_overflown = 1u << 1;
inline constexpr std::uint32_t ring_has_work = 1u << 2;
// Flags of ring_setup, each with the kernel that knows it.
inline constexpr std::uint32_t ring_setup_clamp = 1u << 4;           // 5.6
inline constexpr std::uint32_t ring_setup_submit_all = 1u << 7;      // 5.18
inline constexpr std::uint32_t ring_setup_taskrun_flag = 1u << 9;    // 5.19
inline constexpr std::uint32_t ring_setup_single_issuer = 1u << 12;  // 6.0
inline constexpr std::uint32_t ring_setup_defer_taskrun = 1u << 13;  // 6.1
inline constexpr std::uint32_t ring_setup_no_sqarray = 1u << 16;     // 6.6

/// The queues of a ring. Their sizes are powers of two; heads and tails are counted without end.
struct ring_queues {
    std::uint32_t* request_head = nullptr;  // the kernel moves it
    std::uint32_t* request_tail = nullptr;
    ring_request* requests = nullptr;
    std::uint32_t request_count = 0;
    std::uint32_t* completion_head = nullptr;
    std::uint32_t* completion_tail = nullptr;  // the kernel moves it
    const ring_completion* completions = nullptr;
    std::uint32_t completion_count = 0;
    std::uint32_t* state = nullptr;
    std::uint32_t enter_flags = 0;  // what this kernel knows besides, for ring_enter

    void* memory = nullptr;
    std::size_t memory_size = 0;
};

/// Makes a ring and maps its queues; the descriptor is close-on-exec. -ENOSYS when the kernel lacks
/// something that cannot be asked for by a flag.
int ring_setup(unsigned requests, unsigned completions, unsigned flags, ring_queues& to) noexcept;
/// Unmaps the queues and closes the descriptor. What the ring still does ends a little later.
void ring_close(int ring, const ring_queues& queues) noexcept;
/// Submits that many requests, then waits for as many completions, for that long at most: negative
/// means for ever, and -ETIME that it was. For zero completions it looks and does not wait.
int ring_enter(int ring, const ring_queues& queues, unsigned submit, unsigned wait_for,
               std::int64_t nanoseconds) noexcept;

}  // namespace sys
}  // namespace rondo
