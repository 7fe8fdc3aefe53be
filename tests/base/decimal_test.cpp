// SPDX-License-Identifier: MIT
#include <rondo/base/decimal.hpp>
#include <rondo/base/detail/random.hpp>

#include <cmath>
#include <string>

#include <gtest/gtest.h>

using rondo::decimal;

namespace {

decimal d(const char* text) { return decimal::parse(text).value(); }

TEST(Decimal, KeepsItsScale) {
    EXPECT_EQ(d("1.50").to_string(), "1.50");
    EXPECT_EQ(d("-0.05").to_string(), "-0.05");
    EXPECT_EQ(d("00012").to_string(), "12");
    EXPECT_EQ(d(".5").to_string(), "0.5");
    EXPECT_EQ(d("5.").to_string(), "5");
    EXPECT_EQ(d("1e3").to_string(), "1000");
    EXPECT_EQ(d("1.25E+1").to_string(), "12.5");
    EXPECT_EQ(d("25e-4").to_string(), "0.0025");
    EXPECT_EQ(d("-0.00").to_string(), "0.00");
    EXPECT_EQ(d("NaN").to_string(), "NaN");
    EXPECT_EQ(d("-infinity").to_string(), "-Infinity");
    EXPECT_EQ(decimal::from_scaled(1999, 2).to_string(), "19.99");
    EXPECT_EQ(decimal(INT64_MIN).to_string(), "-9223372036854775808");
}

TEST(Decimal, RefusesOtherTexts) {
    for (const char* wrong : {"", "-", ".", "1e", "1e+", "e5", "1.2.3", "1 ", " 1", "0x1", "1e+-5",
                              "1e999999999", "1e200000", "--1", "1e401", "1e-401"}) {
        EXPECT_FALSE(decimal::parse(wrong)) << wrong;
    }
    EXPECT_FALSE(decimal::parse(std::string(decimal::most_digits + 1, '9')));
}

TEST(Decimal, ComparesByValue) {
    EXPECT_EQ(d("1.5"), d("1.50"));
    EXPECT_EQ(d("0"), d("-0.000"));
    EXPECT_LT(d("-2"), d("-1.99"));
    EXPECT_LT(d("0.09"), d("0.1"));
    EXPECT_LT(d("99"), d("100.0"));
    EXPECT_LT(d("-1"), d("0"));
    EXPECT_LT(d("0"), d("1e-30"));
    EXPECT_LT(d("-Infinity"), d("-1e100"));
    EXPECT_LT(d("1e100"), decimal::infinity());
    EXPECT_LT(decimal::infinity(), decimal::nan());
    EXPECT_EQ(decimal::nan(), decimal::nan());
}

TEST(Decimal, ComparesAsIntegersDo) {
    rondo::random_source lot(7);
    for (int i = 0; i < 2000; ++i) {
        const auto a = static_cast<std::int64_t>(lot.below(2001)) - 1000;
        const auto b = static_cast<std::int64_t>(lot.below(2001)) - 1000;
        EXPECT_EQ(decimal::from_scaled(a, 2) <=> decimal::from_scaled(b, 2), a <=> b);
        EXPECT_EQ(decimal::from_scaled(a, 2) <=> decimal::from_scaled(b * 10, 3), a <=> b);
        if (b != 0) {
            EXPECT_EQ(decimal::from_scaled(a, 1).is_multiple_of(decimal::from_scaled(b * 10, 2)),
                      a % b == 0)
                << a << ' ' << b;
        }
    }
}

TEST(Decimal, IsTheNearestDouble) {
    EXPECT_EQ(d("0.1").to_double(), 0.1);
    EXPECT_EQ(d("-12.5").to_double(), -12.5);
    EXPECT_EQ(d("1e400").to_double(), HUGE_VAL);
    EXPECT_EQ(d("1e-400").to_double(), 0.0);
}

}  // namespace
