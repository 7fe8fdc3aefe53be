// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace rondo {
class file;
}

namespace rondo::http {
class request;
class response;
}  // namespace rondo::http

namespace rondo::http::detail {

/// size() bytes of an open file.
struct file_part {
    const rondo::file* of = nullptr;
    std::uint64_t offset = 0;
};

/// The body of a response that is made while it is sent. One task pulls it, and only as fast as the
/// client reads.
class body_stream {
public:
    body_stream() = default;
    body_stream(const body_stream&) = delete;
    body_stream& operator=(const body_stream&) = delete;
    virtual ~body_stream() = default;

    /// Called once before the head is written: may change the response, but for this stream.
    [[nodiscard]] virtual coro<void> prepare(request& asked, response& answer);
    /// Appends the next piece. Returns: false at the end. What it throws cuts the connection.
    [[nodiscard]] virtual coro<bool> next(std::string& to) = 0;
    /// Called once, also when the client has gone; shielded from cancellation by the caller.
    [[nodiscard]] virtual coro<void> aclose() = 0;
    /// How many bytes come in all, where that is known: then they are not sent in chunks.
    virtual std::optional<std::uint64_t> size() const noexcept { return std::nullopt; }
    /// The part of a file that the body is, if it is one: then it may be sent without next().
    virtual std::optional<file_part> as_file() const noexcept { return std::nullopt; }
};

/// What is left to do once a response was sent, or could not be: background tasks, the release of
/// dependencies. Runs shielded from cancellation while the request and its response still exist.
class after_response {
public:
    after_response() = default;
    after_response(const after_response&) = delete;
    after_response& operator=(const after_response&) = delete;
    virtual ~after_response() = default;

    /// Throws nothing. `sent`: whether all of it was handed to the connection.
    [[nodiscard]] virtual coro<void> run(bool sent) = 0;
};

}  // namespace rondo::http::detail
