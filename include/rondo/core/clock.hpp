// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ratio>
#include <stdexcept>
#include <type_traits>

namespace rondo {

using nanoseconds = std::chrono::nanoseconds;

/// The running loop's clock: monotonic, in nanoseconds, virtual on the simulated driver.
struct loop_clock {
    using rep = nanoseconds::rep;
    using period = nanoseconds::period;
    using duration = nanoseconds;
    using time_point = std::chrono::time_point<loop_clock>;
    static constexpr bool is_steady = true;

    /// The running loop's time. Throws runtime_error outside a loop.
    static time_point now();
};

using time_point = loop_clock::time_point;

namespace detail {

template <class Duration>
constexpr nanoseconds real_to_nanoseconds(Duration d) {
    using wide = std::chrono::duration<double, std::nano>;
    const double approximate = std::chrono::duration_cast<wide>(d).count();
    if (approximate != approximate) {
        throw std::invalid_argument("a duration is not a number (NaN)");
    }
    if (approximate >= 9.2e18) {
        return nanoseconds::max();
    }
    if (approximate <= -9.2e18) {
        return nanoseconds::min();
    }
    return std::chrono::duration_cast<nanoseconds>(d);
}

/// Any duration as nanoseconds; what does not fit becomes the largest or smallest value, since
/// "a thousand years" means "never" and not an overflow. Throws invalid_argument for NaN.
template <class Rep, class Period>
constexpr nanoseconds to_nanoseconds(std::chrono::duration<Rep, Period> d) {
    if constexpr (std::is_integral_v<Rep>) {
        // Exactly, with room for every product: what is divided afterwards may be larger than what
        // comes out.
        using ratio = std::ratio_divide<Period, std::nano>;
        __extension__ using wide = __int128;
        const wide exact = static_cast<wide>(d.count()) * ratio::num / ratio::den;
        return exact > nanoseconds::max().count() ? nanoseconds::max()
               : exact < nanoseconds::min().count()
                   ? nanoseconds::min()
                   : nanoseconds(static_cast<nanoseconds::rep>(exact));
    } else {
        return detail::real_to_nanoseconds(d);
    }
}

constexpr nanoseconds to_nanoseconds(nanoseconds d) { return d; }

/// `start + d`, stopping at the end of time.
constexpr time_point add_saturating(time_point start, nanoseconds d) noexcept {
    nanoseconds::rep sum = 0;
    if (__builtin_add_overflow(start.time_since_epoch().count(), d.count(), &sum)) {
        return d > nanoseconds::zero() ? time_point::max() : time_point::min();
    }
    return time_point(nanoseconds(sum));
}

}  // namespace detail
}  // namespace rondo
