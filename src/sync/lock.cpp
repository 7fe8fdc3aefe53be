// SPDX-License-Identifier: MIT
#include <rondo/sync/lock.hpp>

#include <stdexcept>

namespace rondo {

void lock::release_unlocked() {
    if (destroyed_without_ == 0) {
        throw std::runtime_error("lock::release(): the lock is not acquired");
    }
    --destroyed_without_;
}

}  // namespace rondo
