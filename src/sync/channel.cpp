// SPDX-License-Identifier: MIT
#include <rondo/sync/channel.hpp>

namespace rondo::detail {

void throw_channel_broken() {
    throw broken_resource_error("sender::send(): all receivers of the channel are closed");
}

void throw_channel_closed() { throw closed_resource_error("this handle of the channel is closed"); }

void throw_channel_full() { throw would_block_error("sender::send_nowait(): the channel is full"); }

void throw_channel_empty() {
    throw would_block_error("receiver::receive_nowait(): the channel is empty");
}

}  // namespace rondo::detail
