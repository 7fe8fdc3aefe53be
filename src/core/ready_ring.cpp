// SPDX-License-Identifier: MIT
#include <rondo/core/ready_ring.hpp>

namespace rondo::detail {

void ready_ring::grow() {
    const std::size_t capacity = capacity_ == 0 ? 64 : capacity_ * 2;
    auto items = std::make_unique_for_overwrite<ready_item[]>(capacity);
    std::size_t count = 0;
    for (std::uint64_t at = head_; at != tail_; ++at) {
        items[count++] = items_[at & (capacity_ - 1)];
    }
    items_ = std::move(items);
    capacity_ = capacity;
    head_ = 0;
    tail_ = count;
}

}  // namespace rondo::detail
