// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace rondo::detail {

/// What the next read of a stream is likely to bring: about as much as the last one.
class read_size {
public:
    static constexpr std::size_t least = 4 * 1024;
    static constexpr std::size_t most = 64 * 1024;

    /// How much memory to receive into; 0 when little is expected.
    std::size_t room() const noexcept { return room_; }

    /// A read brought so much. Where it filled its memory there was more, so twice as much comes
    /// next; otherwise an eighth is added, so that the next one is not just too small.
    void note(std::size_t got) noexcept {
        const std::size_t wanted = got == room_ ? 2 * got : got + got / 8;
        room_ = wanted < least ? 0 : static_cast<std::uint32_t>(std::min(wanted, most));
    }

private:
    std::uint32_t room_ = 0;
};

}  // namespace rondo::detail
