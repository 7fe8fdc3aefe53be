// SPDX-License-Identifier: MIT
#include <rondo/core/ready_ring.hpp>

namespace rondo::detail {

void ready_ring::grow() {
    const std::size_t larger = capacity() == 0 ? 64 : capacity() * 2;
    std::vector<ready_item> items(larger);
    std::size_t count = 0;
    for (std::uint64_t position = head_; position != tail_; ++position) {
        items[count++] = at(position);
    }
    items_ = std::move(items);
    mask_ = larger - 1;
    head_ = 0;
    tail_ = count;
}

}  // namespace rondo::detail
