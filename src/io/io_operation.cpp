// SPDX-License-Identifier: MIT
#include "io/fd_state.hpp"
#include "io/loop_io.hpp"
#include <rondo/io/detail/io_operation.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::detail {

namespace {

[[noreturn, gnu::noinline]] void throw_awaited(const fd_state& fd, io_side side,
                                               const char* operation) {
    throw std::runtime_error(std::string(operation) + ": another task is waiting already to " +
                             (side == io_side::read ? "read from" : "write to") +
                             (fd.kind() == fd_kind::socket ? " this socket" : " this pipe"));
}

}  // namespace

int io_operation::fd() const noexcept { return fd_->fd(); }

bool io_operation::await_ready() {
    running_task(name_);
    result_ = -EAGAIN;
    if (fd_->needs_care()) [[unlikely]] {
        if (fd_->is_closed()) {
            result_ = -EBADF;
            return true;
        }
        fd_->check_loop(name_);
    }
    if (fd_->awaited(side_)) {
        fd_->check_loop(name_);
        throw_awaited(*fd_, side_, name_);
    }
    if (fd_->ready(side_)) {
        result_ = attempt();
        if (result_ != -EAGAIN) {
            return within_budget();
        }
        fd_->exhausted(side_);
    }
    if (cancelled_before_start()) {
        return true;
    }
    fd_->watch();
    return false;
}

void io_operation::await_suspend(std::coroutine_handle<> handle) noexcept {
    if (result_ != -EAGAIN) {
        suspend_ready(handle);
        return;
    }
    suspend(handle);
    linked_ = true;
    fd_->wait(side_, *this);
}

/// Does not wait any more.
void io_operation::unlink() noexcept {
    linked_ = false;
    fd_->leave(side_);
}

cancel_answer io_operation::cancel() noexcept {
    unlink();
    return cancel_answer::done;
}

bool io_operation::try_again() noexcept {
    result_ = attempt();
    if (result_ == -EAGAIN) {
        fd_->exhausted(side_);
        return false;
    }
    linked_ = false;
    wake();
    return true;
}

void io_operation::turned_away() noexcept {
    result_ = result_ == -EAGAIN ? -EBADF : result_;  // what came at the edge is not lost
    linked_ = false;
    if (!has_turn_) {
        wake();
    }
}

// ---- input

bool input_operation::try_again() noexcept {
    if (!has_turn_) {
        await_turn();
    }
    return false;
}

void input_operation::await_turn() noexcept {
    has_turn_ = true;
    wake_to_try();
}

bool input_operation::try_at_turn() noexcept {
    has_turn_ = false;
    if (!linked_) {
        return true;  // turned away
    }
    if (result_ == -EAGAIN) {
        result_ = attempt();
    }
    if (result_ == -EAGAIN) {
        fd_->exhausted(io_side::read);
        return false;
    }
    unlink();
    return true;
}

// ---- input together with others

bool batched_input::try_again() noexcept {
    if (batched_) {
        return false;
    }
    if (has_turn() || state().kind() != fd_kind::socket || !expects_little()) {
        return input_operation::try_again();
    }
    batched_ = true;
    loop_io::of(*state().loop()).receives().add(*this);
    return false;
}

void batched_input::received(std::span<char> room, std::ptrdiff_t got) noexcept {
    batched_ = false;
    state().note_read(got, room.size());
    result_ = keep(room, got);
    if (result_ == -EAGAIN) {
        state().exhausted(io_side::read);
    } else {
        await_turn();
    }
}

void batched_input::receive_at_turn() noexcept {
    batched_ = false;
    await_turn();
}

void batched_input::turned_away() noexcept {
    leave_batch();
    input_operation::turned_away();
}

cancel_answer batched_input::cancel() noexcept {
    leave_batch();
    return input_operation::cancel();
}

void batched_input::leave_batch_now() noexcept {
    batched_ = false;
    loop_io::of(*state().loop()).receives().remove(*this);
}

}  // namespace rondo::detail
