// SPDX-License-Identifier: MIT
#include "net/datagram_operation.hpp"

#include <algorithm>
#include <exception>

namespace rondo::detail {

// Other than with a stream, less than was asked for does not mean that nothing else is there.

std::ptrdiff_t recv_from_operation::attempt() noexcept {
    char* const memory = scratch();
    if (memory == nullptr) {
        return -ENOMEM;
    }
    const std::size_t most = std::min(most_, scratch_size);
    sys::socket_address from;
    const std::ptrdiff_t size = sys::recv_from(fd(), memory, most, from);
    if (size < 0) {
        return size;
    }
    const std::size_t kept = std::min(static_cast<std::size_t>(size), most);
    try {
        got_.data.assign(memory, kept);
    } catch (const std::exception&) {
        return -ENOMEM;
    }
    got_.from = address(from);
    got_.truncated = kept < static_cast<std::size_t>(size);
    return size;
}

std::ptrdiff_t send_to_operation::attempt() noexcept {
    return sys::send_to(fd(), data_.data(), data_.size(), to_.raw());
}

}  // namespace rondo::detail
