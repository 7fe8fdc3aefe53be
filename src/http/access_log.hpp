// SPDX-License-Identifier: MIT
#pragma once

#include "http/outbox.hpp"
#include "http/request_state.hpp"
#include <rondo/core/clock.hpp>

#include <cstdint>
#include <string>

namespace rondo::http::detail {

/// A line on stdout for each request, in the common log format with milliseconds behind it:
///     127.0.0.1 - - [06/Nov/1994:08:49:37 +0000] "GET /items/7 HTTP/1.1" 200 27 0.112
/// Lines that come together are written together.
class access_log final : private unsent {
public:
    explicit access_log(outbox& by) noexcept : outbox_(by) {}
    access_log(const access_log&) = delete;
    access_log& operator=(const access_log&) = delete;
    ~access_log();

    void add(const request_state& asked, int status_code, std::uint64_t body_size,
             nanoseconds taken);

private:
    void send() noexcept override;

    outbox& outbox_;
    std::string lines_;
};

}  // namespace rondo::http::detail
