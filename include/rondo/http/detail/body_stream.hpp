// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace rondo::http::detail {

/// The body of a response that is made while it is sent. One task pulls it, and only as fast as the
/// client reads.
class body_stream {
public:
    body_stream() = default;
    body_stream(const body_stream&) = delete;
    body_stream& operator=(const body_stream&) = delete;
    virtual ~body_stream() = default;

    /// Appends the next piece. Returns: false at the end. What it throws cuts the connection.
    [[nodiscard]] virtual coro<bool> next(std::string& to) = 0;
    /// Called once, also when the client has gone; shielded from cancellation by the caller.
    [[nodiscard]] virtual coro<void> aclose() = 0;
    /// How many bytes come in all, where that is known: then they are not sent in chunks.
    virtual std::optional<std::uint64_t> size() const noexcept { return std::nullopt; }
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
