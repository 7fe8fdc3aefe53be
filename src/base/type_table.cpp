// SPDX-License-Identifier: MIT
#include <rondo/base/detail/type_table.hpp>

namespace rondo::detail {

// Days and dates after Howard Hinnant, "chrono-compatible low-level date algorithms".

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept {
    year -= month <= 2;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const auto year_of_era = static_cast<std::uint64_t>(year - era * 400);
    const std::uint64_t day_of_year =
        (153u * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const std::uint64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

civil_date civil_from_days(std::int64_t days) noexcept {
    days += 719468;
    const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const auto day_of_era = static_cast<std::uint64_t>(days - era * 146097);
    const std::uint64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::uint64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::uint64_t shifted_month = (5 * day_of_year + 2) / 153;
    const auto day = static_cast<unsigned>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    const auto month =
        static_cast<unsigned>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2), month, day};
}

std::string short_type_name(const char* spelled) {
    // "… [with T = shop::page<shop::item>]" → "page<item>"
    std::string_view rest = spelled;
    rest.remove_prefix(rest.find("T = ") + 4);
    rest.remove_suffix(1);
    std::string name;
    std::size_t component = 0;  // where the last component began
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const char c = rest[i];
        if (rest.substr(i).starts_with("::")) {
            name.resize(component);
            ++i;
        } else if (c != ' ') {
            name += c;
            if (c == '<' || c == ',') {
                component = name.size();
            }
        }
    }
    return name;
}

}  // namespace rondo::detail
