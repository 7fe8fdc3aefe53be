// SPDX-License-Identifier: MIT
#include "io/operations.hpp"

#include "sys/sys.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace rondo::detail {

namespace {

/// An error that the kernel kept for a connection that was about to be accepted, and tells instead
/// of giving it (accept(2), "Error handling"). Not EOPNOTSUPP, which that page names as well: it
/// means, first of all, that the socket is none to accept from.
bool is_of_a_connection(int negative_errno) noexcept {
    switch (-negative_errno) {
        case ECONNABORTED:
        case ENETDOWN:
        case EPROTO:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
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

coro<void> send_all(fd_ref to, std::string_view data, const char* name) {
    const fd_ref on = std::move(to);
    while (!data.empty()) {
        send_operation send(*on, data, name);
        const auto sent = check_io(co_await send, name);
        data.remove_prefix(static_cast<std::size_t>(sent));
    }
}

accept_operation::~accept_operation() {
    if (result_ >= 0) {
        sys::close(static_cast<int>(result_));
    }
}

std::ptrdiff_t accept_operation::attempt() noexcept {
    constexpr int most_in_a_row = 64;  // more are an error of the socket, which the caller is told
    int fd_or_error = sys::accept(fd());
    for (int i = 1; i < most_in_a_row && is_of_a_connection(fd_or_error); ++i) {
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
