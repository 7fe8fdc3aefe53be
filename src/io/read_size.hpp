// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace rondo::detail {

/// What the next read of a stream is likely to bring: about as much as came together the last time,
/// in one read or, where there was no room for all of it, in several.
class read_size {
public:
    static constexpr std::size_t least = 4 * 1024;
    static constexpr std::size_t most = 64 * 1024;

    /// How much memory to receive into; 0 when little is expected.
    std::size_t room() const noexcept { return room_; }

    /// A read brought so much of at most `asked`. Where it got all of that there is more, so the
    /// next one has room for twice as much as came so far; otherwise an eighth is added, so that
    /// the next one is not just too small.
    void note(std::size_t got, std::size_t asked) noexcept {
        const bool more = got == asked;
        const std::size_t together = std::min(together_ + got, most);
        const std::size_t wanted = more ? 2 * together : together + together / 8;
        room_ = wanted < least ? 0 : static_cast<std::uint32_t>(std::min(wanted, most));
        together_ = more ? static_cast<std::uint32_t>(together) : 0;
    }

private:
    std::uint32_t room_ = 0;
    std::uint32_t together_ = 0;  // in reads that got all they asked for
};

}  // namespace rondo::detail
