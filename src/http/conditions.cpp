// SPDX-License-Identifier: MIT
#include "http/conditions.hpp"

#include "http/characters.hpp"
#include "http/date.hpp"

namespace rondo::http::detail {
namespace {

std::string_view without_weakness(std::string_view etag) noexcept {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

/// Whether the list has the tag, or is "*". Tags may hold commas, but ours does not.
bool names(std::string_view list, std::string_view etag, bool weakly) noexcept {
    if (trim(list) == "*") {
        return true;
    }
    while (!list.empty()) {
        const std::string_view one = trim(take_until(list, ','));
        if ((weakly ? without_weakness(one) : one) == etag) {
            return true;
        }
    }
    return false;
}

bool any_names(const headers& asked, std::string_view header, std::string_view etag, bool weakly) {
    for (const std::string_view list : asked.get_all(header)) {
        if (names(list, etag, weakly)) {
            return true;
        }
    }
    return false;
}

}  // namespace

int evaluate_conditions(const headers& asked, const validators& of) {
    if (asked.contains("if-match")) {
        if (!any_names(asked, "if-match", of.etag, false)) {
            return 412;
        }
    } else if (const auto date = parse_date(asked.get("if-unmodified-since").value_or(""))) {
        if (of.modified > *date) {
            return 412;
        }
    }
    if (asked.contains("if-none-match")) {
        return any_names(asked, "if-none-match", of.etag, true) ? 304 : 200;
    }
    const auto date = parse_date(asked.get("if-modified-since").value_or(""));
    return date && of.modified <= *date ? 304 : 200;
}

bool range_applies(const headers& asked, const validators& of) {
    const auto condition = asked.get("if-range");
    if (!condition) {
        return true;
    }
    if (condition->starts_with('"')) {
        return *condition == of.etag;
    }
    return parse_date(*condition) == of.modified;
}

}  // namespace rondo::http::detail
