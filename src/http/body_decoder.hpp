// SPDX-License-Identifier: MIT
#pragma once

#include "http/message_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rondo::http::detail {

/// Reads the body of a message where it lies in the buffer: of a known length, or in chunks as RFC
/// 9112 §7.1 has them and no other way. Extensions and trailers are checked and dropped.
class body_decoder {
public:
    enum class outcome : std::uint8_t { need_more, data, end, refused };

    static constexpr std::size_t max_chunk_line = 256;
    static constexpr std::size_t max_extensions = std::size_t{16} * 1024;
    static constexpr std::size_t max_trailer_size = std::size_t{8} * 1024;
    static constexpr std::size_t max_trailer_count = 64;

    /// Begins with the body that follows such a head.
    void begin(const message_head& head) noexcept;

    /// `buffered` begins where `used()` ended before. A body of more than `max_size` bytes is
    /// refused with 413 as soon as it says that it is.
    outcome decode(std::string_view buffered, std::uint64_t max_size) noexcept;

    /// After data: a part of the buffer, never empty.
    std::string_view data() const noexcept { return data_; }
    /// How many bytes of the buffer are done with, those of data() among them.
    std::size_t used() const noexcept { return used_; }
    const refusal& refused() const noexcept { return refusal_; }
    bool at_end() const noexcept { return state_ == state::ended; }
    /// How many bytes of the body are still to come, as far as that is known.
    std::uint64_t announced() const noexcept { return state_ == state::ended ? 0 : left_; }

private:
    enum class state : std::uint8_t { known_length, chunk_line, chunk, chunk_end, trailers, ended };

    outcome step(std::string_view rest, std::uint64_t max_size) noexcept;
    outcome give_data(std::string_view rest) noexcept;
    outcome read_chunk_line(std::string_view rest, std::uint64_t max_size) noexcept;
    outcome read_chunk_end(std::string_view rest) noexcept;
    outcome read_trailers(std::string_view rest) noexcept;
    bool take_line(std::string_view rest, std::size_t limit, std::string_view& line) noexcept;
    outcome refuse(int status, std::string_view reason) noexcept;

    state state_ = state::ended;
    std::uint64_t left_ = 0;   // of the body, or of the chunk
    std::uint64_t total_ = 0;  // in all chunks so far
    std::size_t extensions_ = 0;
    std::size_t trailer_size_ = 0;
    std::size_t trailer_count_ = 0;
    std::size_t used_ = 0;
    std::string_view data_;
    refusal refusal_;
};

}  // namespace rondo::http::detail
