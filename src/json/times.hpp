// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// ISO 8601 and RFC 3339 to and from numbers. The parsers give nullptr, or what is wrong.

namespace rondo::detail {

/// A number of seconds and nanoseconds, 0 to 999'999'999.
struct exact_seconds {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
};

struct parsed_time {
    exact_seconds since_epoch;  // by the clock on the wall
    std::optional<int> offset;  // seconds east of UTC
};

const char* parse_date(std::string_view text, std::int64_t& days);
const char* parse_time_of_day(std::string_view text, exact_seconds& time);
const char* parse_date_time(std::string_view text, parsed_time& time);
const char* parse_duration(std::string_view text, exact_seconds& duration);

/// The units of a table; nothing where they do not fit or would lose something.
std::optional<std::int64_t> to_units(exact_seconds time, const chrono_table& table);
/// Nothing where the seconds do not fit, or are no whole nanoseconds.
std::optional<exact_seconds> from_units(std::int64_t count, const chrono_table& table);

std::string format_date(std::int64_t days);
/// With as many digits of a second as the table's unit has, and none when they are zero.
std::string format_time_of_day(exact_seconds time, const chrono_table& table);
std::string format_date_time(exact_seconds time, const chrono_table& table);
/// `PT1H30M`, `-P2DT0.5S`
std::string format_duration(exact_seconds time);

}  // namespace rondo::detail
