// SPDX-License-Identifier: MIT
#pragma once

#include "sys/pieces.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include <sys/uio.h>

namespace rondo::sys {

/// The pieces that one call writes, as the kernel wants to have them.
class io_vector {
public:
    explicit io_vector(std::span<const std::string_view> pieces) noexcept
        : size_(std::min(pieces.size(), most_pieces)) {
        for (std::size_t i = 0; i < size_; ++i) {
            entries_[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
        }
    }
    iovec* data() noexcept { return entries_.data(); }
    std::size_t size() const noexcept { return size_; }

private:
    std::size_t size_;
    std::array<iovec, most_pieces> entries_;
};

}  // namespace rondo::sys
