// SPDX-License-Identifier: MIT
#include "json/base64.hpp"
#include "json/reader.hpp"
#include "json/times.hpp"
#include <rondo/base/decimal.hpp>
#include <rondo/base/enumeration.hpp>
#include <rondo/base/uuid.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace rondo::detail {
namespace {

// ---- Integers -----------------------------------------------------------------------------------

/// An integer of up to 64 bits, whatever its type.
struct whole {
    bool negative = false;
    std::uint64_t bits = 0;  // two's complement
};

enum class parse_result : std::uint8_t { ok, malformed, too_large };

/// `42`, ` -42`, `+42`, `42.00`
parse_result parse_whole(std::string_view text, whole& number) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    number.negative = text.starts_with('-');
    if (number.negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const char* const end = text.end();
    std::uint64_t magnitude = 0;
    const auto [stop, error] = std::from_chars(text.begin(), end, magnitude);
    const std::string_view rest(stop, static_cast<std::size_t>(end - stop));
    const bool integral = rest.empty() || (rest[0] == '.' && rest.size() > 1 &&
                                           rest.find_first_not_of('0', 1) == rest.npos);
    if (error == std::errc::invalid_argument || !integral) {
        return parse_result::malformed;
    }
    if (error != std::errc{} || (number.negative && magnitude > std::uint64_t{1} << 63)) {
        return parse_result::too_large;
    }
    number.bits = number.negative ? std::uint64_t{0} - magnitude : magnitude;
    number.negative = number.negative && magnitude != 0;
    return parse_result::ok;
}

/// Stores it in an integer of the table's size, if it fits.
bool store_whole(const whole& number, const type_table& type, void* to) {
    const int bits = static_cast<int>(type.size) * 8;
    if (type.kind == type_kind::unsigned_integer) {
        if (number.negative || (bits < 64 && number.bits >> bits != 0)) {
            return false;
        }
    } else {
        const auto value = static_cast<std::int64_t>(number.bits);
        const std::int64_t most = INT64_MAX >> (64 - bits);
        if ((!number.negative && value < 0) || value > most || value < -most - 1) {
            return false;
        }
    }
    std::memcpy(to, &number.bits, type.size);  // the low bytes stand first
    return true;
}

// ---- Reals --------------------------------------------------------------------------------------

parse_result parse_real(std::string_view text, double& number) {
    while (text.starts_with(' ')) {
        text.remove_prefix(1);
    }
    while (text.ends_with(' ')) {
        text.remove_suffix(1);
    }
    if (text.starts_with('+') && !text.starts_with("+-")) {
        text.remove_prefix(1);
    }
    const char* const end = text.end();
    const auto [stop, error] = std::from_chars(text.begin(), end, number);
    if (error == std::errc::invalid_argument || stop != end) {
        return parse_result::malformed;
    }
    return error == std::errc{} && std::isfinite(number) ? parse_result::ok
                                                         : parse_result::too_large;
}

std::optional<bool> parse_boolean(std::string_view text) {
    std::string lower(text.substr(0, 6));
    for (char& c : lower) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    for (const std::string_view yes : {"true", "1", "on", "yes", "t", "y"}) {
        if (lower == yes) {
            return true;
        }
    }
    for (const std::string_view no : {"false", "0", "off", "no", "f", "n"}) {
        if (lower == no) {
            return false;
        }
    }
    return std::nullopt;
}

// ---- Times --------------------------------------------------------------------------------------

/// Any number as seconds; nothing beyond what a time can be.
std::optional<exact_seconds> seconds_of(node n) {
    if (n.is_integer()) {
        constexpr std::int64_t most = std::int64_t{1} << 53;
        return n.kind() == 'l' && n.int64() <= most && n.int64() >= -most
                   ? std::optional(exact_seconds{n.int64(), 0})
                   : std::nullopt;
    }
    const double d = n.real();
    if (!(std::fabs(d) < 0x1p53)) {
        return std::nullopt;
    }
    // A double of today's seconds holds microseconds, and no more.
    const double down = std::floor(d);
    const auto micros = static_cast<std::int64_t>(std::llround((d - down) * 1e6));
    return exact_seconds{static_cast<std::int64_t>(down) + micros / 1'000'000,
                         micros % 1'000'000 * 1000};
}

/// What pydantic calls a kind of time.
struct time_words {
    const char* type;  // for an input of the wrong type
    const char* type_msg;
    const char* parsing;  // for a text that is none
    const char* valid;    // "Input should be a valid …"
};

time_words words_of(type_kind kind) {
    switch (kind) {
        case type_kind::date:
            return {"date_type", "Input should be a valid date", "date_from_datetime_parsing",
                    "Input should be a valid date or datetime"};
        case type_kind::time_of_day:
            return {"time_type", "Input should be a valid time", "time_parsing",
                    "Input should be in a valid time format"};
        case type_kind::duration:
            return {"time_delta_type", "Input should be a valid timedelta", "time_delta_parsing",
                    "Input should be a valid timedelta"};
        default:
            return {"datetime_type", "Input should be a valid datetime",
                    "datetime_from_date_parsing", "Input should be a valid datetime or date"};
    }
}

/// The text of a time as seconds: since the epoch, since midnight, or as such.
const char* parse_time(std::string_view text, type_kind kind, parsed_time& time) {
    switch (kind) {
        case type_kind::date: {
            std::int64_t days = 0;
            const char* wrong = parse_date(text, days);
            time.since_epoch.seconds = days * 86400;
            return wrong;
        }
        case type_kind::time_of_day:
            return parse_time_of_day(text, time.since_epoch);
        case type_kind::duration:
            return parse_duration(text, time.since_epoch);
        default:
            return parse_date_time(text, time);
    }
}

}  // namespace

bool reader::read_scalar(node n, const type_table& type, void* to) {
    switch (type.kind) {
        case type_kind::boolean:
            return read_boolean(n, to);
        case type_kind::integer:
        case type_kind::unsigned_integer:
            return read_integer(n, type, to);
        case type_kind::real:
            return read_real(n, type, to);
        case type_kind::text:
            return read_text(n, to);
        case type_kind::bytes:
            return read_bytes(n, to);
        case type_kind::scalar:
            return read_own(n, static_cast<const scalar_table&>(type), to);
        case type_kind::enumeration:
            return read_enumeration(n, static_cast<const enumeration_table&>(type), to);
        case type_kind::literal:
            return read_literal(n, static_cast<const literal_table&>(type), to);
        case type_kind::uuid:
            return read_uuid(n, to);
        case type_kind::decimal:
            return read_decimal(n, to);
        default:
            return read_time(n, static_cast<const chrono_table&>(type), to);
    }
}

bool reader::read_boolean(node n, void* to) {
    auto& value = *static_cast<bool*>(to);
    if (n.kind() == 't' || n.kind() == 'f') {
        value = n.kind() == 't';
        return true;
    }
    if (is_lax() && n.is_string()) {
        const auto parsed = parse_boolean(n.text());
        value = parsed.value_or(false);
        return parsed || fail(n, "bool_parsing",
                              "Input should be a valid boolean, unable to interpret input");
    }
    if (is_lax() && n.is_number() && (n.as_real() == 0 || n.as_real() == 1)) {
        value = n.as_real() == 1;
        return true;
    }
    // As pydantic, which looks at a number only if an int64 holds it.
    const bool is_whole = n.kind() == 'l' || (n.kind() == 'd' && std::trunc(n.real()) == n.real() &&
                                              std::fabs(n.real()) < 0x1p63);
    return is_lax() && is_whole ? fail(n, "bool_parsing",
                                       "Input should be a valid boolean, unable to interpret input")
                                : fail(n, "bool_type", "Input should be a valid boolean");
}

bool reader::read_integer(node n, const type_table& type, void* to) {
    constexpr const char* too_large =
        "Unable to parse input string as an integer, exceeded maximum size";
    whole number;
    if (n.is_integer()) {
        number = {n.kind() == 'l' && n.int64() < 0, n.uint64()};
    } else if (is_lax() && n.kind() == 'd') {
        const double d = n.real();
        if (std::trunc(d) != d) {
            return fail(n, "int_from_float",
                        "Input should be a valid integer, got a number with a fractional part");
        }
        if (!(d >= -0x1p63 && d < 0x1p64)) {
            return fail(n, "int_parsing_size", too_large);
        }
        number = {d < 0, d < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(d))
                               : static_cast<std::uint64_t>(d)};
    } else if (is_lax() && n.is_string()) {
        switch (parse_whole(n.text(), number)) {
            case parse_result::malformed:
                return fail(
                    n, "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer");
            case parse_result::too_large:
                return fail(n, "int_parsing_size", too_large);
            case parse_result::ok:
                break;
        }
    } else {
        return fail(n, "int_type", "Input should be a valid integer");
    }
    return store_whole(number, type, to) || fail(n, "int_parsing_size", too_large);
}

bool reader::read_real(node n, const type_table& type, void* to) {
    double value = 0;
    if (n.kind() == 'd' || (n.is_integer() && mode_ != strictness::exact)) {
        value = n.as_real();
    } else if (is_lax() && n.is_string()) {
        switch (parse_real(n.text(), value)) {
            case parse_result::malformed:
                return fail(n, "float_parsing",
                            "Input should be a valid number, unable to parse string as a number");
            case parse_result::too_large:
                return fail(n, "finite_number", "Input should be a finite number");
            case parse_result::ok:
                break;
        }
    } else {
        return fail(n, "float_type", "Input should be a valid number");
    }
    if (type.size == sizeof(double)) {
        std::memcpy(to, &value, sizeof value);
        return true;
    }
    if (std::fabs(value) > std::numeric_limits<float>::max()) {
        return fail(n, "finite_number", "Input should be a finite number");
    }
    const auto narrow = static_cast<float>(value);
    std::memcpy(to, &narrow, sizeof narrow);
    return true;
}

bool reader::read_text(node n, void* to) {
    if (!n.is_string()) {
        return fail(n, "string_type", "Input should be a valid string");
    }
    *static_cast<std::string*>(to) = n.text();
    return true;
}

bool reader::read_bytes(node n, void* to) {
    if (!n.is_string()) {
        return fail(n, "bytes_type", "Input should be a valid bytes");
    }
    return parse_base64(n.text(), *static_cast<std::vector<std::byte>*>(to)) ||
           fail(n, "base64_decode", "Base64 decoding error: 'Invalid base64-encoded string'");
}

bool reader::read_own(node n, const scalar_table& type, void* to) {
    if (!n.is_string()) {
        return fail(n, "string_type", "Input should be a valid string");
    }
    if (type.parse(to, n.text())) {
        return true;
    }
    const std::string message = "not a valid " + short_type_name(type.spelled);
    return fail(n, {"value_error", "Value error, " + message, json::value{{"error", message}}});
}

/// "Input should be 'red', 'green' or 'blue'"
bool reader::fail_expected(node n, const char* type, const std::vector<std::string_view>& names) {
    std::string all;
    for (std::size_t i = 0; i < names.size(); ++i) {
        all += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
        all += '\'' + std::string(names[i]) + '\'';
    }
    return fail(n, {type, "Input should be " + all, json::value{{"expected", all}}});
}

bool reader::read_enumeration(node n, const enumeration_table& type, void* to) {
    const enumerator_list& known = type.known();
    const enumerator* found = n.is_string() ? known.find(n.text()) : nullptr;
    if (found != nullptr) {
        std::memcpy(to, &found->value, type.size);  // the low bytes stand first
        return true;
    }
    std::vector<std::string_view> names;
    for (const auto& one : known.all) {
        names.push_back(one.name);
    }
    return fail_expected(n, "enum", names);
}

bool reader::read_literal(node n, const literal_table& type, void* to) {
    const auto* end = type.names + type.count;
    const auto* found = n.is_string() ? std::find(type.names, end, n.text()) : end;
    if (found != end) {
        *static_cast<std::uint8_t*>(to) = static_cast<std::uint8_t>(found - type.names);
        return true;
    }
    return fail_expected(n, "literal_error", {type.names, end});
}

bool reader::read_uuid(node n, void* to) {
    if (!n.is_string()) {
        return fail(n, "uuid_type", "UUID input should be a string, bytes or UUID object");
    }
    const auto parsed = uuid::parse(n.text());
    if (!parsed) {
        constexpr const char* error = "expected 32 hexadecimal digits, with or without hyphens";
        return fail(n, {"uuid_parsing", std::string("Input should be a valid UUID, ") + error,
                        json::value{{"error", error}}});
    }
    *static_cast<uuid*>(to) = *parsed;
    return true;
}

bool reader::read_decimal(node n, void* to) {
    auto& value = *static_cast<decimal*>(to);
    if (n.kind() == 'l') {
        value = decimal(n.int64());
        return true;
    }
    std::string text(n.is_string() ? n.text() : "");
    if (n.kind() == 'd') {
        // What was written, if it had at most 15 digits; with more the double has lost some.
        char digits[64];
        const auto end = std::to_chars(digits, digits + sizeof digits, n.real()).ptr;
        text.assign(digits, end);
        const std::string_view mantissa = std::string_view(text).substr(0, text.find('e'));
        const auto count = std::count_if(mantissa.begin(), mantissa.end(),
                                         [](char c) { return c >= '0' && c <= '9'; });
        if (count > 15) {
            return fail(n, "decimal_type",
                        "Decimal input should be a string where it has more than 15 digits");
        }
    } else if (!n.is_string()) {
        return fail(n, "decimal_type",
                    "Decimal input should be an integer, float, string or Decimal object");
    }
    const auto parsed = decimal::parse(text);
    if (!parsed) {
        return fail(n, "decimal_parsing", "Input should be a valid decimal");
    }
    value = *parsed;
    return value.is_finite() || fail(n, "finite_number", "Input should be a finite number");
}

bool reader::read_time(node n, const chrono_table& type, void* to) {
    const time_words words = words_of(type.kind);
    parsed_time time;
    const char* wrong = nullptr;
    if (n.is_string()) {
        wrong = parse_time(n.text(), type.kind, time);
    } else if (n.is_number() && is_lax() && type.kind != type_kind::date) {
        const auto seconds = seconds_of(n);
        wrong = seconds ? nullptr : "the number is out of range";
        time = {seconds.value_or(exact_seconds{}), 0};
        time.offset = type.kind == type_kind::instant ? std::optional(0) : std::nullopt;
    } else {
        return fail(n, words.type, words.type_msg);
    }
    if (wrong == nullptr && type.kind == type_kind::instant && !time.offset) {
        return fail(n, "timezone_aware", "Input should have timezone info");
    }
    if (wrong == nullptr && type.kind == type_kind::local_time && time.offset) {
        return fail(n, "timezone_naive", "Input should not have timezone info");
    }
    if (wrong == nullptr && type.store_real != nullptr) {
        const double seconds = static_cast<double>(time.since_epoch.seconds) +
                               static_cast<double>(time.since_epoch.nanoseconds) / 1e9;
        type.store_real(to, seconds * static_cast<double>(type.denominator) /
                                static_cast<double>(type.numerator));
        return true;
    }
    time.since_epoch.seconds -= time.offset.value_or(0);
    const auto count = to_units(time.since_epoch, type);
    if (wrong == nullptr && !count) {
        wrong = "it is more precise, or further away, than its type can be";
    }
    if (wrong != nullptr) {
        return fail(n, {words.parsing, std::string(words.valid) + ", " + wrong,
                        json::value{{"error", wrong}}});
    }
    type.store(to, *count);
    return true;
}

}  // namespace rondo::detail
