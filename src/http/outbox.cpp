// SPDX-License-Identifier: MIT
#include "http/outbox.hpp"

namespace rondo::http::detail {

void outbox::add(unsent& what) noexcept {
    waiting_.push_back(what);
    if (!deferred::linked()) {
        core_of(loop_).put_off(*this);
    }
}

void outbox::run() noexcept {
    while (unsent* first = waiting_.pop_front()) {
        first->send();
    }
}

}  // namespace rondo::http::detail
