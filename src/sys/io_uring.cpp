// SPDX-License-Identifier: MIT
#include "sys/io_uring.hpp"

#include "sys/door.hpp"
#include "sys/sys.hpp"

#include <algorithm>
#include <cerrno>

#include <linux/io_uring.h>
#include <linux/time_types.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

static_assert(sizeof(ring_request) == sizeof(io_uring_sqe) &&
              offsetof(ring_request, address) == offsetof(io_uring_sqe, addr) &&
              offsetof(ring_request, length) == offsetof(io_uring_sqe, len) &&
              offsetof(ring_request, options) == offsetof(io_uring_sqe, poll32_events) &&
              offsetof(ring_request, data) == offsetof(io_uring_sqe, user_data));
static_assert(sizeof(ring_completion) == sizeof(io_uring_cqe) &&
              offsetof(ring_completion, result) == offsetof(io_uring_cqe, res) &&
              offsetof(ring_completion, flags) == offsetof(io_uring_cqe, flags));
static_assert(ring_poll_add == IORING_OP_POLL_ADD && ring_async_cancel == IORING_OP_ASYNC_CANCEL &&
              ring_no_completion_on_success == IOSQE_CQE_SKIP_SUCCESS &&
              ring_poll_multishot == IORING_POLL_ADD_MULTI &&
              ring_cancel_all == IORING_ASYNC_CANCEL_ALL &&
              ring_cancel_any == IORING_ASYNC_CANCEL_ANY &&
              ring_more_to_come == IORING_CQE_F_MORE &&
              ring_has_overflown == IORING_SQ_CQ_OVERFLOW && ring_has_work == IORING_SQ_TASKRUN);
static_assert(ring_setup_clamp == IORING_SETUP_CLAMP &&
              ring_setup_submit_all == IORING_SETUP_SUBMIT_ALL &&
              ring_setup_taskrun_flag == IORING_SETUP_TASKRUN_FLAG &&
              ring_setup_single_issuer == IORING_SETUP_SINGLE_ISSUER &&
              ring_setup_defer_taskrun == IORING_SETUP_DEFER_TASKRUN);

// Newer than the headers of Linux 6.1; from include/uapi/linux/io_uring.h of Linux 6.15.
constexpr std::uint32_t feature_no_iowait = 1u << 17;  // IORING_FEAT_NO_IOWAIT
constexpr std::uint32_t enter_no_iowait = 1u << 7;     // IORING_ENTER_NO_IOWAIT

constexpr std::uint32_t needed_features =
    IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

void* map(int ring, std::size_t size, std::uint64_t what) noexcept {
    void* const at =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, static_cast<off_t>(what));
    return at == MAP_FAILED ? nullptr : at;
}

template <class T>
T* at_offset(void* memory, std::uint32_t offset) noexcept {
    return reinterpret_cast<T*>(static_cast<char*>(memory) + offset);
}

/// 0 or -errno.
int map_queues(int ring, const io_uring_params& with, ring_queues& to) noexcept {
    to.memory_size = std::max(with.sq_off.array + with.sq_entries * sizeof(std::uint32_t),
                              with.cq_off.cqes + with.cq_entries * sizeof(ring_completion));
    to.memory = map(ring, to.memory_size, IORING_OFF_SQ_RING);
    if (to.memory == nullptr) {
        return -errno;
    }
    to.request_count = with.sq_entries;
    to.requests = static_cast<ring_request*>(
        map(ring, with.sq_entries * sizeof(ring_request), IORING_OFF_SQES));
    if (to.requests == nullptr) {
        return -errno;
    }
    to.request_head = at_offset<std::uint32_t>(to.memory, with.sq_off.head);
    to.request_tail = at_offset<std::uint32_t>(to.memory, with.sq_off.tail);
    to.completion_head = at_offset<std::uint32_t>(to.memory, with.cq_off.head);
    to.completion_tail = at_offset<std::uint32_t>(to.memory, with.cq_off.tail);
    to.completions = at_offset<ring_completion>(to.memory, with.cq_off.cqes);
    to.completion_count = with.cq_entries;
    to.state = at_offset<std::uint32_t>(to.memory, with.sq_off.flags);
    to.enter_flags = (with.features & feature_no_iowait) != 0 ? enter_no_iowait : 0;
    return 0;
}

/// Older kernels find requests through a table of their places, which stay as they are.
void fill_table(void* memory, const io_uring_params& with) noexcept {
    auto* const table = at_offset<std::uint32_t>(memory, with.sq_off.array);
    for (std::uint32_t i = 0; i < with.sq_entries; ++i) {
        table[i] = i;
    }
}

}  // namespace

int ring_setup(unsigned requests, unsigned completions, unsigned flags, ring_queues& to) noexcept {
    io_uring_params params{};
    params.flags = flags | IORING_SETUP_CQSIZE;
    params.cq_entries = completions;
    const int ring = ask(call::io_uring_setup, [&] {
        return static_cast<int>(::syscall(SYS_io_uring_setup, requests, &params));
    });
    if (ring < 0) {
        return ring;
    }
    const bool complete = (params.features & needed_features) == needed_features;
    const int mapped = complete ? map_queues(ring, params, to) : -ENOSYS;
    if (mapped < 0) {
        ring_close(ring, to);
        to = {};
        return mapped;
    }
    if ((flags & ring_setup_no_sqarray) == 0) {
        fill_table(to.memory, params);
    }
    return ring;
}

void ring_close(int ring, const ring_queues& queues) noexcept {
    if (queues.requests != nullptr) {
        ::munmap(queues.requests, queues.request_count * sizeof(ring_request));
    }
    if (queues.memory != nullptr) {
        ::munmap(queues.memory, queues.memory_size);
    }
    close(ring);
}

int ring_enter(int ring, const ring_queues& queues, unsigned submit, unsigned wait_for,
               std::int64_t nanoseconds) noexcept {
    __kernel_timespec limit{};
    limit.tv_sec = nanoseconds / 1'000'000'000;
    limit.tv_nsec = nanoseconds % 1'000'000'000;
    io_uring_getevents_arg waiting{};
    waiting.ts = nanoseconds < 0 ? 0 : reinterpret_cast<std::uint64_t>(&limit);
    return ask(call::io_uring_enter, [&] {
        return static_cast<int>(
            ::syscall(SYS_io_uring_enter, ring, submit, wait_for,
                      IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG | queues.enter_flags, &waiting,
                      sizeof waiting));
    });
}

}  // namespace rondo::sys
