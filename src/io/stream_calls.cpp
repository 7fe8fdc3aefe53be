// SPDX-License-Identifier: MIT
#include "io/stream_calls.hpp"

#include <rondo/io/detail/turn.hpp>

namespace rondo::detail {

namespace {

bool may_send(const stream_core& s) noexcept { return s.may_send(); }

}  // namespace

coro<void> wait_until_closed(stream_ref s) {
    turn<stream_core> wait(*s, s->closers(), may_send, "wait_closed");
    co_await wait;
    s->check_not_lost("wait_closed");
}

}  // namespace rondo::detail
