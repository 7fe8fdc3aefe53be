// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/response.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// How the body of a response is told from what follows it. RFC 9112 §6.
enum class framing : std::uint8_t {
    none,         // there is no body, and no length to be named
    sized,        // Content-Length
    chunked,      // Transfer-Encoding
    until_close,  // the end of the connection, for HTTP/1.0
};

struct head_options {
    framing body = framing::sized;
    std::uint64_t size = 0;
    bool keep_alive = true;
    /// A Content-Length that the response has counts: for answers that tell of a body and have
    /// none, to HEAD or 304.
    bool keeps_length = false;
    std::string_view date = {};    // a whole line, with its CRLF; or nothing
    std::string_view server = {};  // the same
};

/// Appends the status line and the header. What belongs to the connection (Content-Length,
/// Transfer-Encoding, Connection) is written by the options, whatever the response says.
void append_head(std::string& to, const response& from, const head_options& options);

/// The line before a chunk of so many bytes, not 0.
void append_chunk_line(std::string& to, std::size_t size);

/// Whether the response asks for the connection to be closed.
bool asks_to_close(const response& r) noexcept;

}  // namespace rondo::http::detail
