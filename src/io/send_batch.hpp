// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/detail/deferred.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace rondo::detail {

class loop_core;
class stream_core;

/// The small pieces that streams have written and not sent yet. They are sent one right after the
/// other, before their loop looks for news: so the processor has the kernel's code for sending in
/// its cache, and that of the tasks before, and what a stream writes in pieces leaves as one.
///
/// Invariants:
///  1. While there is something it stands in the loop's list of what is put off.
///  2. The streams it has something of are kept, and know it.
///  3. No stream stands there twice: where its first piece did not leave, its second must not.
///  4. Nobody who is told while it sends writes: that only makes tasks ready.
class send_batch final : public deferred {
public:
    static constexpr std::size_t largest_piece = 4 * 1024;

    explicit send_batch(loop_core& of) noexcept : loop_(of) {}

    /// Pieces of that size together: at most largest_piece bytes, and not none. They leave as one.
    void add(stream_core& stream, std::span<const std::string_view> pieces,
             std::size_t size) noexcept;
    /// Sends all that is there.
    void send() noexcept;
    void run() noexcept override { send(); }

private:
    static constexpr std::size_t most = 16;
    struct entry {
        stream_core* stream;
        std::size_t size;
    };

    bool continues(const stream_core& stream) const noexcept {
        return count_ > 0 && entries_[count_ - 1].stream == &stream;
    }

    loop_core& loop_;
    std::size_t count_ = 0;
    std::size_t size_ = 0;
    std::array<entry, most> entries_;
    std::array<char, 4 * largest_piece> bytes_;  // of the entries, one after the other
};

}  // namespace rondo::detail
