// SPDX-License-Identifier: MIT
#include "io/io_operation.hpp"

#include <rondo/sys/sys.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

io_operation::~io_operation() {
    if (linked_) {
        fd_->leave(side_);
    }
}

bool io_operation::await_ready() {
    check_in_task(name_);
    if (fd_->is_closed()) {
        result_ = -EBADF;
        return true;
    }
    if (fd_->awaited(side_)) {
        throw std::runtime_error(std::string(name_) + ": another task is waiting already to " +
                                 (side_ == io_side::read ? "read from" : "write to") +
                                 (fd_->kind() == fd_kind::socket ? " this socket" : " this pipe"));
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
    result_ = -EBADF;
    linked_ = false;
    if (!std::exchange(has_turn_, false)) {
        wake();
    }
}

// ---- input

bool input_operation::try_again() noexcept {
    if (!std::exchange(has_turn_, true)) {
        wake();
    }
    return false;
}

std::ptrdiff_t input_operation::await_resume() {
    if (std::exchange(has_turn_, false)) {
        unlink();
        result_ = attempt();
        if (result_ == -EAGAIN) {
            state().exhausted(io_side::read);
        }
    }
    return io_operation::await_resume();
}

// ---- the system calls

namespace {

/// Less than was asked for: there is no more at the moment, so the next call need not be tried.
void note_short(fd_state& fd, io_side side, std::ptrdiff_t got, std::size_t wanted) noexcept {
    if (got > 0 && static_cast<std::size_t>(got) < wanted) {
        fd.exhausted(side);
    }
}

/// An error that the kernel kept for a connection that was about to be accepted, and tells instead
/// of giving it (accept(2), "Error handling").
bool is_of_a_connection(int negative_errno) noexcept {
    switch (-negative_errno) {
        case ECONNABORTED:
        case ENETDOWN:
        case EPROTO:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
            return true;
        default:
            return false;
    }
}

}  // namespace

char* scratch() noexcept {
    thread_local const std::unique_ptr<char[]> memory(new (std::nothrow) char[scratch_size]);
    return memory.get();
}

std::ptrdiff_t recv_operation::attempt() noexcept {
    const std::ptrdiff_t got = state().receive(to_);
    note_short(state(), io_side::read, got, to_.size());
    return got;
}

std::ptrdiff_t append_operation::attempt() noexcept {
    char* const memory = scratch();
    if (memory == nullptr) {
        return -ENOMEM;
    }
    const std::size_t most = std::min(most_, largest);
    const std::ptrdiff_t got = state().receive({memory, most});
    note_short(state(), io_side::read, got, most);
    if (got > 0) {
        try {
            if (to_->empty()) {
                *to_ = std::string(memory, static_cast<std::size_t>(got));
            } else {
                to_->append(memory, static_cast<std::size_t>(got));
            }
        } catch (const std::exception&) {
            return -ENOMEM;
        }
    }
    return got;
}

std::ptrdiff_t send_operation::attempt() noexcept {
    const std::ptrdiff_t sent = state().send(data_);
    note_short(state(), io_side::write, sent, data_.size());
    return sent;
}

std::ptrdiff_t send_all_operation::attempt() noexcept {
    while (!data_.empty()) {
        const std::ptrdiff_t sent = state().send(data_);
        if (sent < 0) {
            return sent;
        }
        data_.remove_prefix(static_cast<std::size_t>(sent));
    }
    return 0;
}

accept_operation::~accept_operation() {
    if (result_ >= 0) {
        sys::close(static_cast<int>(result_));
    }
}

std::ptrdiff_t accept_operation::attempt() noexcept {
    int fd_or_error = sys::accept(fd());
    while (is_of_a_connection(fd_or_error)) {
        fd_or_error = sys::accept(fd());
    }
    return fd_or_error;
}

std::ptrdiff_t connect_operation::attempt() noexcept {
    // Asked again, the kernel tells how it ended: connected already, or the error.
    const int result = sys::connect(fd(), *to_);
    if (result == -EINPROGRESS || result == -EALREADY) {
        return -EAGAIN;
    }
    return result == -EISCONN ? 0 : result;
}

}  // namespace rondo::detail
