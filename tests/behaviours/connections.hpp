// SPDX-License-Identifier: MIT
#pragma once

#include "errno_of.hpp"
#include <rondo/rondo.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace rondo_test {

/// Two ends of one connection.
struct stream_pair {
    stream_pair(rondo::stream a, rondo::stream b) : near(std::move(a)), far(std::move(b)) {}
    rondo::stream near;
    rondo::stream far;
};

inline rondo::coro<stream_pair> connected(std::size_t limit = rondo::stream::default_limit) {
    rondo::socket listener = rondo::socket::tcp();
    listener.bind("127.0.0.1", 0);
    listener.listen();
    rondo::socket client = rondo::socket::tcp();
    co_await client.connect(listener.getsockname());
    rondo::socket accepted = co_await listener.accept();
    co_return stream_pair(rondo::stream(std::move(client), limit),
                          rondo::stream(std::move(accepted), limit));
}

/// Writes until the kernel takes no more and the stream is congested.
inline void congest(rondo::stream& s) {
    const std::string block(1024 * 1024, 'x');
    while (s.write_buffer_size() < 2 * block.size()) {
        s.write(block);
    }
}

inline rondo::coro<std::size_t> read_to_the_end(rondo::stream& s) {
    std::size_t total = 0;
    for (;;) {
        const auto data = co_await s.read(64 * 1024);
        if (data.empty()) {
            co_return total;
        }
        total += data.size();
    }
}

/// Sends back what it gets, until the end.
inline rondo::coro<void> echo(rondo::stream client) {
    for (;;) {
        const std::string data = co_await client.read(100'000);
        if (data.empty()) {
            break;
        }
        client.write(data);
        co_await client.drain();
    }
}

}  // namespace rondo_test
