// SPDX-License-Identifier: MIT
#include <rondo/sync/semaphore.hpp>

#include <stdexcept>

namespace rondo {

semaphore::semaphore(std::ptrdiff_t value, std::ptrdiff_t bound) : value_(value), bound_(bound) {
    if (value < 0) {
        throw std::invalid_argument("semaphore: the initial value must not be negative");
    }
}

void semaphore::throw_released_too_often() {
    throw std::invalid_argument("bounded_semaphore: released too many times");
}

}  // namespace rondo
