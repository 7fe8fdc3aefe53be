// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo {

/// A decimal number, exact and of any size: money, measurements, what a database calls numeric. It
/// is read, written and compared, and remembers its scale (`1.50` stays `1.50`, and equals `1.5`);
/// it does not calculate: take integers of the smallest unit for that.
class decimal {
public:
    /// Zero.
    decimal() = default;
    decimal(std::int64_t value);
    decimal(int value) : decimal(static_cast<std::int64_t>(value)) {}

    /// `from_scaled(1999, 2)` is 19.99.
    static decimal from_scaled(std::int64_t value, int scale);
    /// `-12.50`, `1e6`, `NaN`, `Infinity`; nothing for other text, for exponents past 400, and for
    /// more digits than `most_digits`.
    static std::optional<decimal> parse(std::string_view text);

    static decimal nan();
    static decimal infinity();

    bool is_nan() const noexcept { return kind_ == kind::nan; }
    bool is_finite() const noexcept { return kind_ == kind::finite; }
    bool is_negative() const noexcept { return negative_; }

    /// Digits after the point.
    int scale() const noexcept { return scale_; }
    /// Plain notation, with `scale` digits after the point.
    std::string to_string() const;
    /// The nearest double.
    double to_double() const;
    /// Whether this is `unit` times an integer. Both are finite, and `unit` is not zero.
    bool is_multiple_of(const decimal& unit) const;

    /// By value: 1.5 equals 1.50. NaN equals itself and is greater than all else, as in Postgres.
    friend std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept;
    friend bool operator==(const decimal& a, const decimal& b) noexcept {
        return (a <=> b) == std::strong_ordering::equal;
    }

    static constexpr std::size_t most_digits = 131072 + 16383;

private:
    enum class kind : std::uint8_t { finite, infinite, nan };

    char digit_at(int power) const noexcept;
    int top_power() const noexcept;

    std::string digits_;  // without leading zeros; empty for zero
    int scale_ = 0;
    bool negative_ = false;
    kind kind_ = kind::finite;
};

}  // namespace rondo
