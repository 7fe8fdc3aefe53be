// SPDX-License-Identifier: MIT
#include "http/date.hpp"

#include "http/characters.hpp"

#include <array>

namespace rondo::http::detail {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view days = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

void append_two(unsigned number, std::string& to) {
    to += static_cast<char>('0' + number / 10);
    to += static_cast<char>('0' + number % 10);
}

/// Reads the parts of a date one after the other; once one does not fit none does.
class date_reader {
public:
    explicit date_reader(std::string_view text) noexcept : rest_(text) {}

    bool failed() const noexcept { return failed_; }
    bool at_end() const noexcept { return !failed_ && rest_.empty(); }
    void expect(std::string_view text) noexcept {
        if (!rest_.starts_with(text)) {
            failed_ = true;
            return;
        }
        rest_.remove_prefix(text.size());
    }
    unsigned number(std::size_t digits) noexcept {
        unsigned value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') {
                failed_ = true;
                return 0;
            }
            value = value * 10 + static_cast<unsigned>(rest_[0] - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    /// asctime's day of the month: two digits, or a space and one.
    unsigned padded_number() noexcept {
        const bool padded = rest_.starts_with(' ');
        rest_.remove_prefix(padded ? 1 : 0);
        return number(padded ? 1 : 2);
    }
    /// From 0, of a list of names of three letters.
    unsigned name_in(std::string_view names) noexcept {
        for (unsigned i = 0; i < names.size() / 3; ++i) {
            if (rest_.starts_with(names.substr(std::size_t{i} * 3, 3))) {
                rest_.remove_prefix(3);
                return i;
            }
        }
        failed_ = true;
        return 0;
    }
    chrono::seconds time_of_day() noexcept {
        const unsigned hours = number(2);
        expect(":");
        const unsigned minutes = number(2);
        expect(":");
        const unsigned seconds = number(2);
        failed_ = failed_ || hours > 23 || minutes > 59 || seconds > 60;
        return chrono::hours(hours) + chrono::minutes(minutes) + chrono::seconds(seconds);
    }
    /// The rest of a name of a day that is written out.
    void skip_letters() noexcept {
        while (!rest_.empty() && to_lower(rest_[0]) >= 'a' && to_lower(rest_[0]) <= 'z') {
            rest_.remove_prefix(1);
        }
    }
    bool next_is(char c) const noexcept { return rest_.starts_with(c); }

private:
    std::string_view rest_;
    bool failed_ = false;
};

std::optional<chrono::sys_seconds> time_at(unsigned year, unsigned month, unsigned day,
                                           chrono::seconds of_day) noexcept {
    const chrono::year_month_day date(chrono::year(static_cast<int>(year)),
                                      chrono::month(month + 1), chrono::day(day));
    if (!date.ok()) {
        return std::nullopt;
    }
    return chrono::sys_days(date) + of_day;
}

/// "Sun Nov  6 08:49:37 1994", after the day's name.
std::optional<chrono::sys_seconds> parse_asctime(date_reader& in) noexcept {
    in.expect(" ");
    const unsigned month = in.name_in(months);
    in.expect(" ");
    const unsigned day = in.padded_number();
    in.expect(" ");
    const chrono::seconds of_day = in.time_of_day();
    in.expect(" ");
    const unsigned year = in.number(4);
    return in.at_end() ? time_at(year, month, day, of_day) : std::nullopt;
}

}  // namespace

void append_date(chrono::sys_seconds time, std::string& to) {
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    const unsigned month = static_cast<unsigned>(date.month());
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    to += days.substr(chrono::weekday(day).c_encoding() * 3, 3);
    to += ", ";
    append_two(static_cast<unsigned>(date.day()), to);
    to += ' ';
    to += months.substr(std::size_t{month - 1} * 3, 3);
    to += ' ';
    append_two(year / 100 % 100, to);
    append_two(year % 100, to);
    to += ' ';
    append_two(static_cast<unsigned>(clock.hours().count()), to);
    to += ':';
    append_two(static_cast<unsigned>(clock.minutes().count()), to);
    to += ':';
    append_two(static_cast<unsigned>(clock.seconds().count()), to);
    to += " GMT";
}

std::optional<chrono::sys_seconds> parse_date(std::string_view text) noexcept {
    date_reader in(text);
    in.name_in(days);
    if (in.next_is(' ')) {
        return parse_asctime(in);
    }
    in.skip_letters();
    in.expect(", ");
    const unsigned day = in.number(2);
    const bool old_form = in.next_is('-');  // "06-Nov-94", RFC 850
    const std::string_view between = old_form ? "-" : " ";
    in.expect(between);
    const unsigned month = in.name_in(months);
    in.expect(between);
    unsigned year = in.number(old_form ? 2 : 4);
    if (old_form) {
        year += year < 70 ? 2000 : 1900;
    }
    in.expect(" ");
    const chrono::seconds of_day = in.time_of_day();
    in.expect(" GMT");
    return in.at_end() ? time_at(year, month, day, of_day) : std::nullopt;
}

}  // namespace rondo::http::detail
