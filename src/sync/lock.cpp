// SPDX-License-Identifier: MIT
#include <rondo/sync/lock.hpp>

#include <stdexcept>

namespace rondo {

void lock::throw_not_locked() {
    throw std::runtime_error("lock::release(): the lock is not acquired");
}

}  // namespace rondo
