// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rondo::http::detail {

class request_state;

/// Why no answer but an error is given; status 0: there is no reason.
struct refusal {
    int status = 0;
    std::string_view reason;

    explicit operator bool() const noexcept { return status != 0; }
};

struct head_limits {
    std::size_t request_line = std::size_t{8} * 1024;
    std::size_t header_size = std::size_t{32} * 1024;  // of what follows the request line
    std::size_t header_count = 100;
};

/// What a request's head says about the connection and the body.
struct message_head {
    std::size_t size = 0;  // in bytes, with an empty line before it
    std::uint64_t content_length = 0;
    bool chunked = false;
    bool keep_alive = false;
    bool expects_continue = false;
};

/// Reads the heads of requests, one after the other, as they come: exactly what RFC 9112 allows,
/// and none of what servers read in different ways. Lines are looked at as they come, so that what
/// is refused is refused at once; what is between their ends is Boost.Beast's to read.
class message_parser {
public:
    enum class outcome : std::uint8_t { need_more, complete, refused };

    explicit message_parser(const head_limits& limits) noexcept : limits_(limits) {}

    /// `buffered` begins with the head, and is what was given before with more behind it, until the
    /// head is complete. The request's head is filled in then.
    outcome parse(std::string_view buffered, request_state& to);
    /// Begins with the next head.
    void reset() noexcept;

    const message_head& head() const noexcept { return head_; }
    const refusal& refused() const noexcept { return refusal_; }

private:
    enum class line : std::uint8_t { more, last, refused };

    line scan(std::string_view buffered) noexcept;
    line end_line(std::string_view text) noexcept;
    line check_unfinished(std::string_view text) noexcept;
    line refuse(int status, std::string_view reason) noexcept;
    outcome read(std::string_view text, request_state& to);

    head_limits limits_;
    message_head head_;
    refusal refusal_;
    // Where the scan goes on. All lines before `line_at_` are complete.
    std::size_t scanned_ = 0;
    std::size_t line_at_ = 0;
    std::size_t request_line_at_ = 0;
    std::size_t fields_at_ = 0;  // 0 before the end of the request line
    std::size_t fields_ = 0;
};

}  // namespace rondo::http::detail
