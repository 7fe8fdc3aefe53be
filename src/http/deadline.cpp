// SPDX-License-Identifier: MIT
#include "http/deadline.hpp"

#include <rondo/core/event_loop.hpp>

#include <exception>

namespace rondo::http::detail {

deadline::~deadline() {
    if (armed()) {
        core_of(loop_).timers().disarm(*this);
    }
}

void deadline::set(time_point when) {
    when_ = when;
    if (armed() && armed_for_ <= when) {
        return;
    }
    if (armed()) {
        core_of(loop_).timers().disarm(*this);
    }
    core_of(loop_).engine().arm(*this, when);
    armed_for_ = when;
}

void deadline::expire() noexcept {
    if (!is_set()) {
        return;
    }
    const time_point when = when_;
    if (when > armed_for_) {
        try {
            set(when);
            return;
        } catch (const std::exception&) {  // no memory: now rather than never
        }
    }
    clear();
    passed();
}

}  // namespace rondo::http::detail
