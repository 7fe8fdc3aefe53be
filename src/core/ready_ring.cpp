// SPDX-License-Identifier: MIT
#include <rondo/core/detail/ready_ring.hpp>

namespace rondo::detail {

void ready_ring::grow() {
    const std::size_t larger = capacity_ == 0 ? 64 : capacity_ * 2;
    std::vector<ready_item> items(larger);
    for (std::uint64_t position = head_; position != tail_; ++position) {
        items[position & (larger - 1)] = at(position);
    }
    items_ = std::move(items);
    capacity_ = larger;
    mask_ = larger - 1;
}

}  // namespace rondo::detail
