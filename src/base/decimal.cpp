// SPDX-License-Identifier: MIT
#include <rondo/base/decimal.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

/// A short text must not become a long number: 1e400 has 401 digits, and more than a double's.
constexpr int largest_exponent = 400;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return static_cast<char>(a | 0x20) == b; });
}

/// Takes the digits at the front of the text.
std::string_view take_digits(std::string_view& text) noexcept {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

/// Takes `e+12`; nothing if what stands there is no exponent, or one beyond all use.
std::optional<int> take_exponent(std::string_view& text) noexcept {
    if (text.empty() || (text[0] | 0x20) != 'e') {
        return 0;
    }
    const bool plus = text.size() > 2 && text[1] == '+' && is_digit(text[2]);
    text.remove_prefix(plus ? 2 : 1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc() || std::abs(exponent) > largest_exponent) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return exponent;
}

void drop_leading_zeros(std::string& digits) {
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

/// a -= b, for digits of the same length, a >= b.
void subtract(std::string& a, std::string_view b) {
    int borrow = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        int digit = a[i] - b[i] - borrow;
        borrow = digit < 0;
        a[i] = static_cast<char>('0' + digit + (borrow != 0 ? 10 : 0));
    }
}

}  // namespace

decimal::decimal(std::int64_t value) : negative_(value < 0) {
    const auto magnitude = negative_ ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                                     : static_cast<std::uint64_t>(value);
    if (magnitude != 0) {
        digits_ = std::to_string(magnitude);
    }
}

decimal decimal::from_scaled(std::int64_t value, int scale) {
    decimal d(value);
    d.scale_ = scale;
    return d;
}

decimal decimal::nan() {
    decimal d;
    d.kind_ = kind::nan;
    return d;
}

decimal decimal::infinity() {
    decimal d;
    d.kind_ = kind::infinite;
    return d;
}

std::optional<decimal> decimal::parse(std::string_view text) {
    decimal d;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        d.negative_ = text[0] == '-';
        text.remove_prefix(1);
    }
    if (equals_ignoring_case(text, "nan")) {
        return nan();
    }
    if (equals_ignoring_case(text, "infinity") || equals_ignoring_case(text, "inf")) {
        d.kind_ = kind::infinite;
        return d;
    }
    const auto whole = take_digits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits(text);
    }
    const auto exponent = take_exponent(text);
    if ((whole.empty() && fraction.empty()) || !exponent || !text.empty() ||
        whole.size() + fraction.size() > most_digits) {
        return std::nullopt;
    }
    d.digits_.append(whole).append(fraction);
    drop_leading_zeros(d.digits_);
    d.scale_ = static_cast<int>(fraction.size()) - *exponent;
    if (d.scale_ < 0) {  // 1e3 is 1000
        if (!d.digits_.empty()) {
            d.digits_.append(static_cast<std::size_t>(-d.scale_), '0');
        }
        d.scale_ = 0;
    }
    if (d.digits_.size() > most_digits || static_cast<std::size_t>(d.scale_) > most_digits) {
        return std::nullopt;
    }
    d.negative_ = d.negative_ && !d.digits_.empty();
    return d;
}

std::string decimal::to_string() const {
    if (kind_ == kind::nan) {
        return "NaN";
    }
    std::string text = negative_ ? "-" : "";
    if (kind_ == kind::infinite) {
        return text + "Infinity";
    }
    const auto scale = static_cast<std::size_t>(scale_);
    if (digits_.size() <= scale) {
        text += scale == 0 ? "0" : "0.";
        text.append(scale - digits_.size(), '0').append(digits_);
        return text;
    }
    text.append(digits_, 0, digits_.size() - scale);
    if (scale != 0) {
        text += '.';
        text.append(digits_, digits_.size() - scale);
    }
    return text;
}

double decimal::to_double() const {
    if (kind_ != kind::finite) {
        const double value = kind_ == kind::nan ? std::numeric_limits<double>::quiet_NaN()
                                                : std::numeric_limits<double>::infinity();
        return negative_ ? -value : value;
    }
    const std::string text = to_string();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range) {
        value = top_power() > 0 ? std::numeric_limits<double>::infinity() : 0;
        return negative_ ? -value : value;
    }
    return value;
}

/// The power of ten of the first digit.
int decimal::top_power() const noexcept { return static_cast<int>(digits_.size()) - scale_ - 1; }

/// The digit of 10^power.
char decimal::digit_at(int power) const noexcept {
    const int index = top_power() - power;
    return index < 0 || index >= static_cast<int>(digits_.size())
               ? '0'
               : digits_[static_cast<std::size_t>(index)];
}

std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept {
    const auto rank = [](const decimal& d) {  // -infinity, finite, infinity, NaN
        return d.is_finite() ? 0 : d.is_nan() ? 2 : d.negative_ ? -1 : 1;
    };
    if (rank(a) != 0 || rank(b) != 0) {
        return rank(a) <=> rank(b);
    }
    if (a.negative_ != b.negative_) {
        return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const auto magnitude = [&]() -> std::strong_ordering {
        if (a.digits_.empty() || b.digits_.empty()) {
            return b.digits_.empty() <=> a.digits_.empty();
        }
        if (a.top_power() != b.top_power()) {
            return a.top_power() <=> b.top_power();
        }
        const int last = -std::max(a.scale_, b.scale_);
        for (int power = a.top_power(); power >= last; --power) {
            if (a.digit_at(power) != b.digit_at(power)) {
                return a.digit_at(power) <=> b.digit_at(power);
            }
        }
        return std::strong_ordering::equal;
    }();
    return a.negative_ ? 0 <=> magnitude : magnitude;
}

bool decimal::is_multiple_of(const decimal& unit) const {
    // Long division by hand, in steps of one digit; only the remainder is kept.
    const int last = -std::max(scale_, unit.scale_);
    std::string divisor;
    for (int power = unit.top_power(); power >= last; --power) {
        divisor += unit.digit_at(power);
    }
    divisor.insert(divisor.begin(), '0');  // room for the digit that comes in
    std::string rest(divisor.size(), '0');
    for (int power = top_power(); power >= last; --power) {
        rest.erase(0, 1);
        rest += digit_at(power);
        while (rest >= divisor) {
            subtract(rest, divisor);
        }
    }
    return rest.find_first_not_of('0') == rest.npos;
}

}  // namespace rondo
