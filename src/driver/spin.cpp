// SPDX-License-Identifier: MIT
#include "driver/spin.hpp"

#include <stdexcept>
#include <string>

namespace rondo::detail {

spin::spin(nanoseconds at_most, int cores) : at_most_(at_most) {
    if (at_most < nanoseconds::zero()) {
        throw std::invalid_argument("run_options::spin is " + std::to_string(at_most.count()) +
                                    " ns; it cannot be negative, and zero means not to spin");
    }
    if (wanted() && cores < 2) {
        throw std::invalid_argument(
            "run_options::spin is refused on a machine with one core: while the loop spins, nobody "
            "can bring what it waits for; leave it out");
    }
}

}  // namespace rondo::detail
