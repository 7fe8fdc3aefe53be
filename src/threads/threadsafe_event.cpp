// SPDX-License-Identifier: MIT
#include <rondo/threads/threadsafe_event.hpp>

namespace rondo {

void threadsafe_event::set() {
    const detail::thread_lock lock(mutex_);
    set_ = true;
    waiting_.ring_all();
}

void threadsafe_event::clear() {
    const detail::thread_lock lock(mutex_);
    set_ = false;
}

bool threadsafe_event::is_set() const {
    const detail::thread_lock lock(mutex_);
    return set_;
}

}  // namespace rondo
