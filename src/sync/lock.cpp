// SPDX-License-Identifier: MIT
#include <rondo/sync/lock.hpp>

#include <stdexcept>

namespace rondo {

void lock::unlock() {
    if (!locked_) {
        throw std::runtime_error("lock::release(): the lock is not acquired");
    }
    locked_ = false;
}

}  // namespace rondo
