// SPDX-License-Identifier: MIT
#include "net/datagram_operation.hpp"

#include <algorithm>
#include <exception>
#include <iterator>

namespace rondo::detail {

// Other than with a stream, less than was asked for does not mean that nothing else is there.

std::ptrdiff_t recv_from_operation::attempt() noexcept {
    try {
        return most_ > scratch_size ? receive_large() : receive_to_scratch();
    } catch (const std::exception&) {
        return -ENOMEM;
    }
}

std::ptrdiff_t recv_from_operation::receive_to_scratch() {
    char* const memory = scratch();
    if (memory == nullptr) {
        return -ENOMEM;
    }
    const std::ptrdiff_t size = receive({memory, most_});
    if (size >= 0) {
        got_.data.assign(memory, std::min(static_cast<std::size_t>(size), most_));
    }
    return size;
}

/// Those of Unix sockets may be of any size, so that the kernel is asked for it first.
std::ptrdiff_t recv_from_operation::receive_large() {
    const std::ptrdiff_t there_are = sys::size_of_datagram(fd());
    if (there_are < 0) {
        return there_are;
    }
    got_.data.resize(std::min(static_cast<std::size_t>(there_are), most_));
    const std::ptrdiff_t size = receive(got_.data);
    got_.data.resize(std::clamp<std::ptrdiff_t>(size, 0, std::ssize(got_.data)));
    return size;
}

/// The size of the whole; what does not fit is gone.
std::ptrdiff_t recv_from_operation::receive(std::span<char> to) noexcept {
    sys::socket_address from;
    const std::ptrdiff_t size = sys::recv_from(fd(), to.data(), to.size(), from);
    got_.from = address(from);
    got_.truncated = size > std::ssize(to);
    return size;
}

std::ptrdiff_t send_to_operation::attempt() noexcept {
    return sys::send_to(fd(), data_.data(), data_.size(), to_.raw());
}

}  // namespace rondo::detail
