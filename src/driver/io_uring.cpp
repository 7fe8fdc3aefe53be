// SPDX-License-Identifier: MIT

// What io_uring does that a reader may not expect (io_uring_setup(2), io_uring_enter(2)):
//  - A poll in the kernel holds its file open: close() sends no FIN while there is one. Ending a
//    watch therefore waits for the poll's last completion, which is at hand as soon as it is
//    cancelled. Whoever closes a descriptor of their own need not know: what add_reader watches,
//    like all that is watched by level, and the sockets of sock_* are with an epoll inside.
//  - POLL_REMOVE fails (EALREADY) when the descriptor has become ready a moment before, and the
//    poll goes on. ASYNC_CANCEL ends it all the same.
//  - A multishot poll ends by itself (no "more to come") when completions overflow. It is made
//    again, and begins with what is true then, so nothing is lost.
//  - A poll of a regular file completes at once, for ever. epoll refuses it (EPERM), so all but
//    sockets and pipes are epoll's.
//  - A ring belongs to the thread that made it: in others the kernel gives EEXIST. Then, and in the
//    child of a fork, whose queues are its parent's as well, the driver makes itself another one.
//  - The descriptor of a ring could be registered, which saves 20 ns a call. It is not: the
//    registration belongs to a thread, not to the ring, so that in another thread the same number
//    is another ring, and a ring that moved would be kept open by the thread that it left.
//  - To wait for no time at all costs a timer, 3 us. To look is another call.
//  - To watch without end an eventfd that nobody reads is fine: each write is a change.
#include "driver/io_uring.hpp"

#include "driver/operation_ring.hpp"
#include "driver/ring.hpp"
#include "driver/transfer_ring.hpp"
#include "driver/watching.hpp"
#include "sys/affinity.hpp"
#include "sys/doorkeeper.hpp"
#include "sys/process_id.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

namespace rondo {

namespace {

// No descriptor has these numbers.
constexpr std::uint64_t wake_mark = detail::unmarked - 1;
constexpr std::uint64_t others_mark = detail::unmarked - 2;
constexpr std::uint64_t operations_mark = detail::unmarked - 3;
constexpr std::uint64_t first_mark = operations_mark;

constexpr std::uint8_t pending_hangup = 8;  // beside the bits of io_events

constexpr unsigned batches_until_next_try = 1000;

/// For a kernel that never answers. One that works takes less than 10 us.
constexpr nanoseconds longest_answer = std::chrono::milliseconds(1);

}  // namespace

io_uring_driver::io_uring_driver(sizes queues) : queues_(queues), wake_(sys::eventfd()) {
    if (wake_ < 0) {
        detail::fail(wake_, "eventfd for waking an event loop");
    }
    try {
        make_ring();
        try_out();
    } catch (...) {
        sys::close(wake_);
        throw;
    }
}

io_uring_driver::~io_uring_driver() {
    retire();
    sys::close(wake_);
}

void io_uring_driver::retire() noexcept {
    leave_ring_of_parent();
    if (ring_ != nullptr && ring_->cancel_all()) {
        while (in_kernel_ > 0 && ring_->wait(longest_answer) == 0 && drop_completions()) {
        }
    }
    lose_ring();
}

time_point io_uring_driver::now() noexcept { return detail::clock_now(); }

void io_uring_driver::wake() noexcept { sys::eventfd_signal(wake_); }

// ---- the ring, and all that is in it

void io_uring_driver::make_ring() {
    ring_ = make_box<detail::ring>(queues_.requests, queues_.completions);
    process_ = sys::process_id();
    arm_mark(wake_, wake_mark);
    if (others_) {
        others_->leave_parent();
        arm_mark(others_->descriptor(), others_mark);
    }
    if (operations_) {
        arm_mark(operations_->descriptor(), operations_mark);
    }
    for (std::size_t index = 0; index < slots_.size(); ++index) {
        if (slots_[index].watch != nullptr && slots_[index].on_ring) {
            arm(index);
        }
    }
}

/// What it watched is watched again as soon as there is another one.
void io_uring_driver::lose_ring() noexcept {
    ring_ = nullptr;
    in_kernel_ = 0;
    for (slot& s : slots_) {
        s.armed = false;
    }
}

/// A kernel may know the calls and not do what they promise, as those do that are rebuilt in user
/// space. So each driver tries what it is going to rely on: that one poll tells more than once, and
/// that it can be ended.
void io_uring_driver::try_out() {
    for (int i = 0; i < 2; ++i) {
        wake();
        if (!completes(wake_mark, false)) {
            detail::refuse(-ENOTSUP, "polling without end");
        }
    }
    if (!ring_->cancel(wake_mark) || !completes(wake_mark, true)) {
        detail::refuse(-ENOTSUP, "ending a poll");
    }
    sys::eventfd_clear(wake_);
    in_kernel_ = 0;
    arm_mark(wake_, wake_mark);
}

/// Whether there were any.
bool io_uring_driver::drop_completions() noexcept {
    sys::ring_completion completion;
    bool any = false;
    while (ring_->next(completion)) {
        const bool last = (completion.flags & sys::ring_more_to_come) == 0;
        in_kernel_ -= last && completion.data != detail::unmarked ? 1 : 0;
        any = true;
    }
    return any;
}

bool io_uring_driver::completes(std::uint64_t mark, bool last) {
    if (const int result = ring_->wait(longest_answer); result < 0) {
        detail::refuse(result, "io_uring_enter");
    }
    sys::ring_completion completion;
    return ring_->next(completion) && completion.data == mark &&
           ((completion.flags & sys::ring_more_to_come) == 0) == last;
}

void io_uring_driver::leave_ring_of_parent() noexcept {
    if (process_ != sys::process_id()) {
        process_ = sys::process_id();
        lose_ring();
        operations_ = nullptr;
        transfers_ = nullptr;
        batches_without_ring_ = 0;
        leave_wake_of_parent();
    }
}

/// Where the kernel gives no other one each wakes the other, which does no harm.
void io_uring_driver::leave_wake_of_parent() noexcept {
    if (const int own = sys::eventfd(); own >= 0) {
        sys::close(std::exchange(wake_, own));
    }
    wake();  // whoever called it before meant the one that was closed
}

// ---- polls in the kernel

void io_uring_driver::arm(std::size_t index) noexcept {
    slot& s = slots_[index];
    const int fd = static_cast<int>(index);
    ++s.generation;
    if (ring_ == nullptr) {
        return;
    }
    s.armed = ring_->poll(fd, detail::kernel_edges(s.interest), detail::mark_of(fd, s.generation));
    if (s.armed) {
        ++in_kernel_;
    } else {
        lose_ring();
    }
}

void io_uring_driver::arm_mark(int fd, std::uint64_t mark) noexcept {
    if (ring_ != nullptr && ring_->poll(fd, sys::epoll_in, mark)) {
        ++in_kernel_;
    } else {
        lose_ring();
    }
}

void io_uring_driver::disarm(std::size_t index) noexcept {
    const slot& s = slots_[index];
    if (s.armed && !ring_->cancel(detail::mark_of(static_cast<int>(index), s.generation))) {
        lose_ring();
    }
    while (slots_[index].armed) {
        if (ring_->wait(nanoseconds(-1)) < 0) {
            lose_ring();
            return;
        }
        collect();
    }
}

// ---- what is ready

void io_uring_driver::poll(wait until) {
    leave_ring_of_parent();
    if (ring_ == nullptr) {
        make_ring();
    }
    collect();
    arm_ended();
    const bool done = operations_ && operations_->collect();
    const bool told = tell_others();
    const bool busy = done || told || !ready_.empty() || !ended_.empty();
    enter(busy || has_news_until(until.deadline) ? time_point::min() : until.deadline);
    collect();
    if (operations_) {
        operations_->collect();
    }
    if (!told) {
        tell_others();
    }
    tell();
}

/// Looks for as long as spinning lasts, without a system call: the kernel writes it into the
/// queues.
bool io_uring_driver::has_news_until(time_point deadline) {
    if (!spin_.wanted() || ring_ == nullptr || deadline == time_point::min()) {
        return false;
    }
    enter(time_point::min());  // hands over what is watched since
    const auto look = [this] { return ring_ == nullptr || !ring_->is_idle(); };
    return spin_.until(deadline, look, detail::clock_now);
}

void io_uring_driver::spin_before_sleep(nanoseconds at_most) {
    spin_ = detail::spin(at_most, sys::online_cores());
}

void io_uring_driver::enter(time_point deadline) {
    if (ring_ == nullptr) {
        return;
    }
    const bool look = deadline == time_point::min();
    const bool for_ever = deadline == time_point::max();
    const nanoseconds left = look || for_ever ? nanoseconds(-1) : deadline - now();
    int result = 0;
    if (for_ever || left > nanoseconds::zero()) {
        result = ring_->wait(left);
    } else if (!ring_->is_idle()) {
        result = ring_->hand_over();
    }
    if (result == -EEXIST || result == -EBADR) {
        lose_ring();  // it is another thread's, or completions got lost
    } else if (result < 0) {
        detail::fail(result, "io_uring_enter");
    }
}

void io_uring_driver::collect() noexcept {
    sys::ring_completion completion;
    while (ring_ != nullptr && ring_->next(completion)) {
        const bool last = (completion.flags & sys::ring_more_to_come) == 0;
        if (completion.data == detail::unmarked) {
            continue;
        }
        in_kernel_ -= last ? 1 : 0;
        const std::size_t index = detail::index_of(completion.data);
        if (completion.data >= first_mark) {
            collect_mark(completion.data, last);
        } else if (slots_[index].generation == detail::generation_of(completion.data)) {
            collect_slot(index, completion.result, last);
        }
    }
}

void io_uring_driver::collect_mark(std::uint64_t mark, bool last) noexcept {
    others_ready_ = others_ready_ || mark == others_mark;
    if (!last) {
        return;
    }
    if (mark == operations_mark) {
        arm_mark(operations_->descriptor(), mark);
    } else {
        arm_mark(mark == wake_mark ? wake_ : others_->descriptor(), mark);
    }
}

void io_uring_driver::collect_slot(std::size_t index, std::int32_t result, bool last) noexcept {
    slot& s = slots_[index];
    s.armed = !last;
    if (s.watch == nullptr) {
        return;
    }
    const bool failed = result < 0 && result != -ECANCELED;
    const auto events = failed ? sys::epoll_error : static_cast<std::uint32_t>(std::max(result, 0));
    const auto wanted = detail::kernel_edges(s.interest) | sys::epoll_error | sys::epoll_hangup;
    const detail::readiness now_ready = detail::readiness_of(events & wanted);
    s.pending |= static_cast<std::uint8_t>(now_ready.events) |
                 (now_ready.hangup ? pending_hangup : std::uint8_t{0});
    if (s.pending != 0 && !s.in_ready) {
        s.in_ready = true;
        ready_.push_back(index);
        __builtin_prefetch(s.watch);  // it is told when all are collected
    }
    if (last && !failed && !s.in_ended) {
        s.in_ended = true;
        ended_.push_back(index);
    }
}

/// Not more at once than there is room for: what finds none ends again, and so for ever.
void io_uring_driver::arm_ended() noexcept {
    for (unsigned i = 0; i < queues_.requests && !ended_.empty(); ++i) {
        slot& s = slots_[ended_.back()];
        s.in_ended = false;
        if (s.watch != nullptr && s.on_ring && !s.armed) {
            arm(ended_.back());
        }
        ended_.pop_back();
    }
}

void io_uring_driver::tell() {
    telling_.swap(ready_);
    for (std::size_t i = 0; i < telling_.size(); ++i) {  // on_ready() may watch, and so reserve
        slot& s = slots_[telling_[i]];
        s.in_ready = false;
        const unsigned pending = std::exchange(s.pending, std::uint8_t{0});
        if (s.watch != nullptr && pending != 0) {
            s.watch->on_ready(static_cast<io_events>(pending & 7u),
                              (pending & pending_hangup) != 0);
        }
    }
    telling_.clear();
}

/// Whether anything was told. While there is, the epoll inside says nothing new by itself.
bool io_uring_driver::tell_others() {
    if (!others_ready_) {
        return false;
    }
    const int polled = others_->descriptor();
    others_ready_ = others_->poll_once(nanoseconds::zero()) > 0;
    // With its last completion the poll is made again, of the one that took its place.
    if (others_->descriptor() != polled && ring_ != nullptr && !ring_->cancel(others_mark)) {
        lose_ring();
    }
    return others_ready_;
}

// ---- watches

void io_uring_driver::watch(fd_watch& watch, io_events interest) {
    leave_ring_of_parent();
    const auto ends_if_lost = [this](fd_watch& other) {
        const bool lost = has_lost(other);
        if (lost) {
            this->watch(other, io_events::none);
        }
        return lost;
    };
    slot* const changing = detail::slot_to_change(slots_, watch, interest, ends_if_lost);
    if (changing == nullptr) {
        return;
    }
    // No index stands in one of them twice, so that collecting needs no memory.
    ready_.reserve(slots_.size());
    telling_.reserve(slots_.size());
    ended_.reserve(slots_.size());
    const auto index = static_cast<std::size_t>(watch.fd());
    slot& s = *changing;
    const bool on_ring = s.watch != nullptr
                             ? s.on_ring
                             : watch.is_socket() || (watch.edge() && sys::is_pipe(watch.fd()));
    if (!on_ring) {
        others().watch(watch, interest);
    } else if (s.watch != nullptr) {
        s.watch = nullptr;
        s.pending = 0;
        disarm(index);
    }
    s.on_ring = on_ring;
    s.interest = interest;
    s.watch = interest == io_events::none ? nullptr : &watch;
    if (on_ring && s.watch != nullptr) {
        arm(index);
    }
}

/// What the ring polls it holds open.
bool io_uring_driver::has_lost(fd_watch& watch) {
    const auto index = static_cast<std::size_t>(watch.fd());
    const bool in_others =
        index < slots_.size() && slots_[index].watch == &watch && !slots_[index].on_ring;
    return in_others && others().has_lost(watch);
}

epoll_driver& io_uring_driver::others() {
    if (!others_) {
        others_ = make_box<epoll_driver>();
        arm_mark(others_->descriptor(), others_mark);
    }
    return *others_;
}

// ---- several transfers at once

void io_uring_driver::recv_each(sys::socket_transfer* first, std::size_t count) noexcept {
    detail::transfer_ring* const ring = transfers_at_once(count);
    const std::size_t done = ring ? ring->carry_out({first, count}, sys::request_recv) : 0;
    sys::recv_each({first + done, count - done});
}

void io_uring_driver::send_each(sys::socket_transfer* first, std::size_t count) noexcept {
    detail::transfer_ring* const ring = transfers_at_once(count);
    const std::size_t done = ring ? ring->carry_out({first, count}, sys::request_send) : 0;
    sys::send_each({first + done, count - done});
}

/// Null where they are to be made one by one: so few of them, simulated ones, or no ring. It is not
/// the ring that polls, where the completions of these would stand behind all that is ready.
detail::transfer_ring* io_uring_driver::transfers_at_once(std::size_t count) noexcept {
    if (count < detail::transfer_ring::least || sys::door_is_kept()) {
        return nullptr;
    }
    leave_ring_of_parent();
    if (!transfers_ && batches_without_ring_-- == 0) {
        batches_without_ring_ = batches_until_next_try;
        try {
            transfers_ = make_box<detail::transfer_ring>();
        } catch (const std::exception&) {
            return nullptr;  // it may have no descriptor or no memory to give at the moment
        }
    }
    return transfers_.get();
}

// ---- operations

/// They have a ring of their own, because one that polls hands its requests over with the next wait
/// only, and works in no other thread.
bool io_uring_driver::takes_operations() noexcept {
    leave_ring_of_parent();
    if (!operations_) {
        try {
            operations_ = make_box<detail::operation_ring>();
        } catch (...) {
            return false;
        }
        arm_mark(operations_->descriptor(), operations_mark);
    }
    return true;
}

int io_uring_driver::start(kernel_operation& operation, const sys::ring_request& request) noexcept {
    return takes_operations() ? operations_->start(operation, request) : -ENOSYS;
}

void io_uring_driver::give_up(kernel_operation& operation) noexcept {
    leave_ring_of_parent();
    if (operation.linked()) {
        operations_->give_up(operation);
    }
}

void io_uring_driver::end(kernel_operation& operation) noexcept {
    leave_ring_of_parent();
    if (operation.linked()) {
        operations_->end(operation);
    }
}

}  // namespace rondo
