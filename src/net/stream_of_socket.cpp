// SPDX-License-Identifier: MIT
// The one constructor of a stream that knows the network: everything else of it is in io.
#include "io/stream_core.hpp"
#include "sys/socket.hpp"
#include <rondo/io/stream.hpp>
#include <rondo/net/socket.hpp>

namespace rondo {

stream::stream(socket connected, std::size_t limit)
    : core_(detail::core_ref<detail::stream_core>::adopt(
          *new detail::stream_core(connected.state(), limit))) {
    static_cast<void>(sys::set_option(connected.fileno(), socket_option::no_delay, 1));
    connected.state_ = {};
}

}  // namespace rondo
