// SPDX-License-Identifier: MIT
#include <rondo/base/detail/random.hpp>
#include <rondo/json/json.hpp>

#include <charconv>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;

namespace {

TEST(Value, HoldsWhateverJsonDoes) {
    const json::value v = json::loads(R"({"a":[1,2.5,"x",null,true],"b":18446744073709551615})");
    EXPECT_EQ(v["a"][0].get<int>(), 1);
    EXPECT_EQ(v["a"][1].get<double>(), 2.5);
    EXPECT_EQ(v["a"][2].get<std::string>(), "x");
    EXPECT_TRUE(v["a"][3].is_null());
    EXPECT_TRUE(v["a"][4].get<bool>());
    EXPECT_EQ(v["b"].get<std::uint64_t>(), 18446744073709551615u);
    EXPECT_EQ(v["b"].kind(), json::kind::unsigned_integer);
    EXPECT_EQ(v["a"].as<std::vector<json::value>>().size(), 5u);
    EXPECT_EQ(v.size(), 2u);
    EXPECT_TRUE(v.contains("a"));
}

TEST(Value, IsMadeOfBraces) {
    EXPECT_EQ(json::dumps(json::value{{"a", 1}, {"b", json::array{1, "x"}}}),
              R"({"a":1,"b":[1,"x"]})");
    EXPECT_EQ(json::dumps(json::value{1, 2}), "[1,2]");
    EXPECT_EQ(json::dumps(json::value{{"a", {{"b", nullptr}}}}), R"({"a":{"b":null}})");
    const json::value one = 1;
    EXPECT_EQ(json::value{one}, one) << "braces around one value copy it";
    EXPECT_EQ(json::dumps(json::array{one}), "[1]");
}

TEST(Value, IsChangedInPlace) {
    json::value v;
    v["a"]["b"] = 1;
    v["c"] = json::array{1, 2};
    v["c"][1] = "x";
    v["c"].get<json::array>().push_back(true);
    EXPECT_EQ(json::dumps(v), R"({"a":{"b":1},"c":[1,"x",true]})");
    EXPECT_TRUE(v.get<json::object>().erase("a"));
    EXPECT_FALSE(v.contains("a"));
}

TEST(Value, SaysWhatItIsNot) {
    const json::value v{{"a", 300}};
    EXPECT_THROW(v["b"], std::out_of_range);
    EXPECT_THROW(v[0], json::type_error);
    EXPECT_THROW(v["a"].get<std::string>(), json::type_error);
    EXPECT_THROW(v["a"].get<std::int8_t>(), json::type_error);
    EXPECT_THROW(json::value(-1).get<unsigned>(), json::type_error);
    EXPECT_THROW(json::array{1}.at(1), std::out_of_range);
    EXPECT_THROW(json::value(1.5).get<int>(), json::type_error);
}

TEST(Value, ComparesByContent) {
    EXPECT_EQ(json::value(1), json::value(1.0));
    EXPECT_EQ(json::value(1u), json::value(1));
    EXPECT_NE(json::value(1), json::value("1"));
    EXPECT_NE(json::value(-1), json::value(18446744073709551615u));
    EXPECT_NE(json::value(9007199254740993), json::value(9007199254740992.0));
    EXPECT_EQ(json::loads(R"({"a":1,"b":2})"), json::loads(R"({"b":2,"a":1})"));
    EXPECT_NE(json::loads("[1,2]"), json::loads("[2,1]"));
}

TEST(Value, OfATypeAndBack) {
    struct point {
        int x, y;
    };
    const json::value v = json::to_value(point{1, 2});
    EXPECT_EQ(v, (json::value{{"x", 1}, {"y", 2}}));
    EXPECT_EQ(v.as<point>().y, 2);
    EXPECT_THROW(json::value("x").as<point>(), json::validation_error);
}

TEST(Object, FindsEveryMemberHoweverManyThereAre) {
    json::object o;
    for (int i = 0; i < 100; ++i) {
        o["k" + std::to_string(i * 7 % 100)] = i;
    }
    EXPECT_EQ(o.size(), 100u);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(o.at("k" + std::to_string(i * 7 % 100)), i);
    }
    EXPECT_EQ(o.begin()->first, "k0");
    EXPECT_TRUE(o.erase("k50"));
    EXPECT_EQ(o.find("k50"), nullptr);
    EXPECT_EQ(o.at("k99").get<int>(), 57);
    const json::object twice(std::vector<json::object::member>{{"a", 1}, {"b", 2}, {"a", 3}});
    EXPECT_EQ(json::dumps(json::value(twice)), R"({"a":3,"b":2})");
}

// ---- Whatever is written is read back -----------------------------------------------------------

class drawing {
public:
    explicit drawing(std::uint64_t seed) : lot_(seed) {}

    std::string text() {
        static constexpr const char* pieces[] = {"a",        "\"",     "\\",     "\n",
                                                 "\x01",     "\u00e4", "\u20ac", "\U0001d11e",
                                                 "abcdefgh", "\x7f",   "/",      "\t"};
        std::string drawn;
        for (auto n = lot_.below(12); n > 0; --n) {
            drawn += pieces[lot_.below(std::size(pieces))];
        }
        return drawn;
    }
    double real() {
        double d;
        do {
            const std::uint64_t bits = lot_.next();
            __builtin_memcpy(&d, &bits, sizeof d);
        } while (!(d - d == 0));
        return d;
    }
    json::value value(int depth) {
        switch (lot_.below(depth > 0 ? 8 : 6)) {
            case 0:
                return nullptr;
            case 1:
                return lot_.below(2) == 0;
            case 2:
                return static_cast<std::int64_t>(lot_.next() >> lot_.below(64));
            case 3:
                return lot_.next() >> lot_.below(64);
            case 4:
                return real();
            case 5:
                return text();
            case 6: {
                json::array items;
                for (auto n = lot_.below(5); n > 0; --n) {
                    items.push_back(value(depth - 1));
                }
                return items;
            }
            default: {
                json::object members;
                for (auto n = lot_.below(30); n > 0; --n) {
                    members[text()] = value(depth - 2);
                }
                return members;
            }
        }
    }

private:
    rondo::random_source lot_;
};

TEST(Value, WhateverIsWrittenIsReadBack) {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        const json::value drawn = drawing(seed).value(4);
        const std::string text = json::dumps(drawn);
        EXPECT_EQ(json::loads(text), drawn) << seed;
        EXPECT_EQ(json::dumps(json::loads(text)), text) << seed;
        EXPECT_EQ(json::loads(json::dumps(drawn, {.indent = 3})), drawn) << seed;
        EXPECT_EQ(json::loads(json::dumps(drawn, {.sort_keys = true})), drawn) << seed;
    }
}

TEST(Value, RealsWithFewDecimalsAreWrittenAsToCharsDoes) {
    rondo::random_source lot(3);
    for (int i = 0; i < 50'000; ++i) {
        static constexpr double scales[] = {10, 100, 1000, 10'000, 100'000, 1e6};
        const auto whole = static_cast<double>(lot.next() >> (11 + lot.below(45)));
        const double d = whole / scales[lot.below(6)];
        char digits[400];
        char* end = std::to_chars(digits, digits + sizeof digits, d, std::chars_format::fixed).ptr;
        const std::string text = json::dumps(d);
        ASSERT_EQ(json::loads<double>(text), d);
        if (text.find('e') == text.npos && !text.ends_with(".0")) {
            ASSERT_EQ(text, std::string(digits, end));
        }
    }
}

TEST(Value, EveryDoubleAndFloatIsReadBackExactly) {
    drawing draw(1);
    for (int i = 0; i < 20'000; ++i) {
        const double d = draw.real();
        const auto back = json::loads<double>(json::dumps(d));
        ASSERT_EQ(std::memcmp(&d, &back, sizeof d), 0) << d;
        const auto f = static_cast<float>(d);
        if (f - f == 0) {
            ASSERT_EQ(json::loads<float>(json::dumps(f)), f);
        }
    }
}

}  // namespace
