// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/clock.hpp>

namespace rondo::detail {

/// How long a driver looks for news before it sleeps.
class spin {
public:
    spin() = default;
    /// Throws std::invalid_argument when it is negative, or on one core: whoever is to bring the
    /// news could not run meanwhile.
    spin(nanoseconds at_most, int cores);

    bool wanted() const noexcept { return at_most_ > nanoseconds::zero(); }

    /// Looks until `look()` says that there is something; whether there was, before that time, or
    /// the deadline, had passed. `now()` tells the time.
    template <class Look, class Now>
    bool until(time_point deadline, Look look, Now now) const {
        const time_point begin = now();
        time_point end = begin + at_most_;
        end = deadline < end ? deadline : end;
        do {
            if (look()) {
                return true;
            }
        } while (now() < end);
        return false;
    }

private:
    nanoseconds at_most_ = nanoseconds::zero();
};

}  // namespace rondo::detail
