// SPDX-License-Identifier: MIT
#include "io/operations.hpp"

#include <rondo/sys/sys.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

namespace {

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

std::ptrdiff_t recv_operation::attempt() noexcept { return receive(state(), to_); }

std::ptrdiff_t receive_appending(fd_state& from, std::string& to, std::size_t most) noexcept {
    char* const memory = scratch();
    if (memory == nullptr) {
        return -ENOMEM;
    }
    const std::ptrdiff_t got = receive(from, {memory, std::min(most, scratch_size)});
    if (got > 0) {
        try {
            if (to.empty()) {
                to = std::string(memory, static_cast<std::size_t>(got));
            } else {
                to.append(memory, static_cast<std::size_t>(got));
            }
        } catch (const std::exception&) {
            return -ENOMEM;
        }
    }
    return got;
}

std::ptrdiff_t append_operation::attempt() noexcept {
    return receive_appending(state(), *to_, most_);
}

std::ptrdiff_t send_operation::attempt() noexcept {
    const std::ptrdiff_t sent = state().send(data_);
    if (sent > 0 && static_cast<std::size_t>(sent) < data_.size()) {
        state().exhausted(io_side::write);
    }
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
