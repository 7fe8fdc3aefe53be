// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

/// Passes TCP connections on to another server, byte by byte.
///
/// Each direction goes on by itself: when one side has sent all it had (`shutdown(SHUT_WR)`), the
/// other is told so, and may answer for as long as it likes. An error in one direction ends both.
/// Back-pressure: what is read and not yet sent is bounded, so a slow reader slows its writer.
class tcp_proxy {
public:
    tcp_proxy(std::string host, std::uint16_t port,
              std::chrono::milliseconds connect_within = std::chrono::seconds(5))
        : host_(std::move(host)), port_(port), connect_within_(connect_within) {}

    /// The handler of a connection. Throws what ended it, and timeout_error when the other server
    /// does not answer in time; the client's connection is closed then.
    rondo::coro<void> serve(rondo::stream client) {
        auto server =
            co_await rondo::wait_for(rondo::open_connection(host_, port_), connect_within_);
        auto [from_client, to_client] = std::move(client).split();
        auto [from_server, to_server] = std::move(server).split();
        co_await rondo::gather(pump(from_client, to_server), pump(from_server, to_client));
    }

    /// How many bytes went through, both ways together.
    std::size_t bytes() const noexcept { return bytes_; }

private:
    static constexpr std::ptrdiff_t at_once = 64 * 1024;

    rondo::coro<void> pump(rondo::stream_reader& from, rondo::stream_writer& to) {
        for (auto data = co_await from.read(at_once); !data.empty();
             data = co_await from.read(at_once)) {
            bytes_ += data.size();
            to.write(data);
            co_await to.drain();
        }
        to.write_eof();
    }

    std::string host_;
    std::uint16_t port_;
    std::chrono::milliseconds connect_within_;
    std::size_t bytes_ = 0;
};
