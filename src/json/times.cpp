// SPDX-License-Identifier: MIT
#include "json/times.hpp"

#include <cmath>
#include <cstdio>

namespace rondo::detail {
namespace {

__extension__ using wide = __int128;

constexpr std::int64_t day = 86400;
constexpr std::int64_t billion = 1'000'000'000;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Takes a number of exactly `count` digits.
bool take_number(std::string_view& text, std::size_t count, int& number) {
    if (text.size() < count) {
        return false;
    }
    number = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!is_digit(text[i])) {
            return false;
        }
        number = number * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return true;
}

bool take(std::string_view& text, char c) {
    const bool there = text.starts_with(c);
    text.remove_prefix(there);
    return there;
}

bool is_leap(int year) noexcept { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int year, int month) noexcept {
    static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

const char* take_date(std::string_view& text, std::int64_t& days) {
    int year = 0;
    int month = 0;
    int date = 0;
    if (text.size() < 10) {
        return "input is too short";
    }
    if (!take_number(text, 4, year)) {
        return "invalid character in year";
    }
    if (!take(text, '-')) {
        return "invalid date separator, expected `-`";
    }
    if (!take_number(text, 2, month)) {
        return "invalid character in month";
    }
    if (month < 1 || month > 12) {
        return "month value is outside expected range of 1-12";
    }
    if (!take(text, '-')) {
        return "invalid date separator, expected `-`";
    }
    if (!take_number(text, 2, date)) {
        return "invalid character in day";
    }
    if (date < 1 || date > days_in(year, month)) {
        return "day value is outside expected range";
    }
    days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(date));
    return nullptr;
}

/// The digits after a point as nanoseconds; false where there are none or more than nine that are
/// not zero.
bool take_fraction(std::string_view& text, std::int64_t& nanoseconds) {
    std::size_t count = 0;
    nanoseconds = 0;
    for (; count < text.size() && is_digit(text[count]); ++count) {
        if (count < 9) {
            nanoseconds = nanoseconds * 10 + (text[count] - '0');
        } else if (text[count] != '0') {
            return false;
        }
    }
    for (std::size_t i = count; i < 9; ++i) {
        nanoseconds *= 10;
    }
    text.remove_prefix(count);
    return count > 0;
}

const char* take_time(std::string_view& text, exact_seconds& time) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (text.size() < 5) {
        return "input is too short";
    }
    if (!take_number(text, 2, hour)) {
        return "invalid character in hour";
    }
    if (hour > 23) {
        return "hour value is outside expected range of 0-23";
    }
    if (!take(text, ':')) {
        return "invalid time separator, expected `:`";
    }
    if (!take_number(text, 2, minute)) {
        return "invalid character in minute";
    }
    if (minute > 59) {
        return "minute value is outside expected range of 0-59";
    }
    if (take(text, ':')) {
        if (!take_number(text, 2, second)) {
            return "invalid character in second";
        }
        if (second > 59) {
            return "second value is outside expected range of 0-59";
        }
        if (take(text, '.') && !take_fraction(text, time.nanoseconds)) {
            return "second fraction value is more than 9 digits long, or empty";
        }
    }
    time.seconds = (hour * 60 + minute) * 60 + second;
    return nullptr;
}

const char* take_offset(std::string_view& text, std::optional<int>& offset) {
    if (text.empty()) {
        return nullptr;
    }
    if (take(text, 'Z') || take(text, 'z')) {
        offset = 0;
        return nullptr;
    }
    const bool west = text.starts_with('-');
    if (!take(text, '+') && !take(text, '-')) {
        return "invalid timezone sign";
    }
    int hours = 0;
    int minutes = 0;
    if (!take_number(text, 2, hours) || (take(text, ':'), !take_number(text, 2, minutes)) ||
        hours > 23 || minutes > 59) {
        return "invalid timezone offset";
    }
    offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return nullptr;
}

std::string padded(std::int64_t number, int width) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*lld", width, static_cast<long long>(number));
    return text;
}

/// ".5", ".000001" or nothing.
std::string fraction(std::int64_t nanoseconds, std::size_t digits) {
    return nanoseconds == 0 ? std::string() : "." + padded(nanoseconds, 9).substr(0, digits);
}

std::size_t digits_of(const chrono_table& table) {
    std::size_t digits = 0;
    for (std::int64_t unit = 1; unit < table.denominator && digits < 9; unit *= 10) {
        ++digits;
    }
    return digits;
}

exact_seconds normalised(wide nanoseconds) {
    wide seconds = nanoseconds / billion;
    wide rest = nanoseconds % billion;
    if (rest < 0) {
        rest += billion;
        --seconds;
    }
    return {static_cast<std::int64_t>(seconds), static_cast<std::int64_t>(rest)};
}

/// One number of a duration with its designator: `1.5S`.
const char* take_duration_part(std::string_view& text, bool in_time, wide& nanoseconds) {
    std::int64_t whole = 0;
    std::size_t count = 0;
    for (; count < text.size() && is_digit(text[count]); ++count) {
        if (count > 12) {
            return "durations may not exceed 999,999,999 days";
        }
        whole = whole * 10 + (text[count] - '0');
    }
    text.remove_prefix(count);
    if (count == 0) {
        return "invalid digit in duration";
    }
    std::int64_t part = 0;
    const bool fractional = take(text, '.');
    if (fractional && !take_fraction(text, part)) {
        return "invalid fraction in duration";
    }
    const char designator = text.empty() ? '\0' : text[0];
    std::int64_t unit = 0;
    switch (designator) {
        case 'W':
            unit = in_time ? 0 : 7 * day;
            break;
        case 'D':
            unit = in_time ? 0 : day;
            break;
        case 'H':
            unit = in_time ? 3600 : 0;
            break;
        case 'M':
            unit = in_time ? 60 : 0;
            break;
        case 'S':
            unit = in_time ? 1 : 0;
            break;
        default:
            break;
    }
    if (unit == 0) {
        return "unexpected character in duration, expected W, D, or after T: H, M, S";
    }
    text.remove_prefix(1);
    nanoseconds += (static_cast<wide>(whole) * billion + part) * unit;
    return nullptr;
}

const char* parse_iso_duration(std::string_view text, wide& nanoseconds) {
    bool in_time = false;
    if (text.empty()) {
        return "input is too short";
    }
    while (!text.empty()) {
        if (!in_time && take(text, 'T')) {
            in_time = true;
            if (text.empty()) {
                return "input is too short";
            }
        }
        if (const char* wrong = take_duration_part(text, in_time, nanoseconds)) {
            return wrong;
        }
    }
    return nullptr;
}

/// `hh:mm:ss.f`, with any number of hours.
const char* parse_clock_duration(std::string_view text, wide& nanoseconds) {
    std::int64_t hours = 0;
    std::size_t count = 0;
    for (; count < text.size() && count < 12 && is_digit(text[count]); ++count) {
        hours = hours * 10 + (text[count] - '0');
    }
    text.remove_prefix(count);
    int minutes = 0;
    int seconds = 0;
    std::int64_t part = 0;
    if (count == 0 || !take(text, ':') || !take_number(text, 2, minutes) || !take(text, ':') ||
        !take_number(text, 2, seconds) || (take(text, '.') && !take_fraction(text, part)) ||
        !text.empty() || minutes > 59 || seconds > 59) {
        return "unexpected format, expected ISO 8601 or [-]hh:mm:ss";
    }
    nanoseconds =
        static_cast<wide>(hours * 3600 + std::int64_t{minutes} * 60 + seconds) * billion + part;
    return nullptr;
}

}  // namespace

const char* parse_date(std::string_view text, std::int64_t& days) {
    const char* wrong = take_date(text, days);
    return wrong != nullptr || text.empty() ? wrong
                                            : "unexpected extra characters at the end of the input";
}

const char* parse_time_of_day(std::string_view text, exact_seconds& time) {
    const char* wrong = take_time(text, time);
    return wrong != nullptr || text.empty() ? wrong
                                            : "unexpected extra characters at the end of the input";
}

const char* parse_date_time(std::string_view text, parsed_time& time) {
    std::int64_t days = 0;
    if (const char* wrong = take_date(text, days)) {
        return wrong;
    }
    if (!take(text, 'T') && !take(text, 't') && !take(text, ' ') && !take(text, '_')) {
        return text.empty() ? "input is too short"
                            : "invalid datetime separator, expected `T`, `t`, `_` or space";
    }
    if (const char* wrong = take_time(text, time.since_epoch)) {
        return wrong;
    }
    if (const char* wrong = take_offset(text, time.offset)) {
        return wrong;
    }
    time.since_epoch.seconds += days * day;
    return text.empty() ? nullptr : "unexpected extra characters at the end of the input";
}

const char* parse_duration(std::string_view text, exact_seconds& duration) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    wide nanoseconds = 0;
    const char* wrong = take(text, 'P') ? parse_iso_duration(text, nanoseconds)
                                        : parse_clock_duration(text, nanoseconds);
    duration = normalised(negative ? -nanoseconds : nanoseconds);
    return wrong;
}

std::optional<std::int64_t> to_units(exact_seconds time, const chrono_table& table) {
    const wide scaled =
        (static_cast<wide>(time.seconds) * billion + time.nanoseconds) * table.denominator;
    const wide unit = static_cast<wide>(table.numerator) * billion;
    const wide count = scaled / unit;
    if (scaled % unit != 0 || count < INT64_MIN || count > INT64_MAX) {
        return std::nullopt;
    }
    return static_cast<std::int64_t>(count);
}

std::optional<exact_seconds> from_units(std::int64_t count, const chrono_table& table) {
    const wide nanoseconds = static_cast<wide>(count) * table.numerator * billion;
    const wide seconds = nanoseconds / table.denominator / billion;
    if (nanoseconds % table.denominator != 0 || seconds < INT64_MIN / 2 ||
        seconds > INT64_MAX / 2) {
        return std::nullopt;
    }
    return normalised(nanoseconds / table.denominator);
}

std::string format_date(std::int64_t days) {
    const civil_date date = civil_from_days(days);
    return padded(date.year, 4) + '-' + padded(date.month, 2) + '-' + padded(date.day, 2);
}

std::string format_time_of_day(exact_seconds time, const chrono_table& table) {
    return padded(time.seconds / 3600, 2) + ':' + padded(time.seconds / 60 % 60, 2) + ':' +
           padded(time.seconds % 60, 2) + fraction(time.nanoseconds, digits_of(table));
}

std::string format_date_time(exact_seconds time, const chrono_table& table) {
    std::int64_t days = time.seconds / day;
    time.seconds %= day;
    if (time.seconds < 0) {
        time.seconds += day;
        --days;
    }
    return format_date(days) + 'T' + format_time_of_day(time, table);
}

std::string format_duration(exact_seconds time) {
    const bool negative = time.seconds < 0;
    if (negative) {  // as a sign and a magnitude
        time.seconds = -time.seconds - (time.nanoseconds != 0);
        time.nanoseconds = time.nanoseconds != 0 ? billion - time.nanoseconds : 0;
    }
    std::string text = negative ? "-P" : "P";
    if (time.seconds >= day) {
        text += std::to_string(time.seconds / day) + 'D';
        time.seconds %= day;
    }
    std::string clock;
    if (time.seconds >= 3600) {
        clock += std::to_string(time.seconds / 3600) + 'H';
    }
    if (time.seconds / 60 % 60 != 0) {
        clock += std::to_string(time.seconds / 60 % 60) + 'M';
    }
    if (time.seconds % 60 != 0 || time.nanoseconds != 0) {
        clock += std::to_string(time.seconds % 60);
        std::string part = fraction(time.nanoseconds, 9);
        part.erase(part.find_last_not_of('0') + 1);
        clock += part + 'S';
    }
    if (clock.empty()) {
        return text.back() == 'P' ? text + "T0S" : text;
    }
    return text + 'T' + clock;
}

}  // namespace rondo::detail
