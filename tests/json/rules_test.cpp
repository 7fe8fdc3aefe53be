// SPDX-License-Identifier: MIT
#include "json/faults.hpp"

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace json = rondo::json;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

struct numbers {
    int gt = 1;
    std::optional<double> ge;
    std::uint64_t lt = 0;
    std::int64_t le = 0;
    int five = 0;
    double tenth = 0.0;
    std::chrono::seconds hour{0};
    rondo::decimal price;
    static void describe(auto& m) {
        m(&numbers::gt).gt(0);
        m(&numbers::ge).ge(0.5);
        m(&numbers::lt).lt(18446744073709551615u);
        m(&numbers::le).le(9223372036854775806);
        m(&numbers::five).multiple_of(5);
        m(&numbers::tenth).multiple_of(0.1);
        m(&numbers::hour).le(1h).multiple_of(1min);
        m(&numbers::price)
            .optional()
            .gt(rondo::decimal::from_scaled(15, 1))
            .multiple_of(rondo::decimal::from_scaled(1, 2));
    }
};

TEST(Rules, BoundNumbersExactly) {
    EXPECT_EQ(faults<numbers>(R"({"gt":0})"),
              R"(greater_than gt: Input should be greater than 0 {"gt":0})");
    EXPECT_EQ(faults<numbers>(R"({"ge":0.25})"),
              R"(greater_than_equal ge: Input should be greater than or equal to 0.5 {"ge":0.5})");
    EXPECT_EQ(faults<numbers>(R"({"ge":null})"), "");
    EXPECT_EQ(faults<numbers>(R"({"lt":18446744073709551615})"),
              "less_than lt: Input should be less than 18446744073709551615 "
              R"({"lt":18446744073709551615})");
    EXPECT_EQ(faults<numbers>(R"({"lt":18446744073709551614})"), "");
    EXPECT_EQ(faults<numbers>(R"({"le":9223372036854775807})"),
              "less_than_equal le: Input should be less than or equal to 9223372036854775806 "
              R"({"le":9223372036854775806})");
    EXPECT_EQ(faults<numbers>(R"({"five":3})"),
              R"(multiple_of five: Input should be a multiple of 5 {"multiple_of":5})");
    EXPECT_EQ(faults<numbers>(R"({"tenth":0.3,"five":-10})"), "");
    EXPECT_EQ(faults<numbers>(R"({"tenth":0.35})"),
              R"(multiple_of tenth: Input should be a multiple of 0.1 {"multiple_of":0.1})");
}

TEST(Rules, BoundDurationsAndDecimals) {
    EXPECT_EQ(faults<numbers>(R"({"hour":"PT1H","price":"1.51"})"), "");
    EXPECT_EQ(faults<numbers>(R"({"hour":"PT2H"})"),
              R"(less_than_equal hour: Input should be less than or equal to PT1H {"le":"PT1H"})");
    EXPECT_EQ(faults<numbers>(R"({"hour":"PT90S"})"),
              R"(multiple_of hour: Input should be a multiple of PT1M {"multiple_of":"PT1M"})");
    EXPECT_EQ(faults<numbers>(R"({"price":"1.50"})"),
              R"(greater_than price: Input should be greater than 1.5 {"gt":"1.5"})");
    EXPECT_EQ(faults<numbers>(R"({"price":"1.505"})"),
              R"(multiple_of price: Input should be a multiple of 0.01 {"multiple_of":"0.01"})");
}

struct texts {
    std::string name = "x";
    std::optional<std::string> note;
    std::vector<std::string> tags{"x"};
    std::set<int> set{1};
    std::map<std::string, int> map{{"x", 1}};
    static void describe(auto& m) {
        m(&texts::name).min_length(1).max_length(3).pattern("[a-zä]+$");
        m(&texts::note).min_length(2);
        m(&texts::tags).min_length(2).each().min_length(1);
        m(&texts::set).min_length(2);
        m(&texts::map).max_length(1).each().ge(0);
        m(&texts::map).keys().pattern("^[a-z]$");
    }
};

TEST(Rules, BoundTextsInCodePointsAndListsInItems) {
    EXPECT_EQ(faults<texts>(R"({"name":"äää","tags":["a","b"]})"), "");
    EXPECT_EQ(faults<texts>(R"({"name":""})"),
              "string_too_short name: String should have at least 1 character "
              R"({"min_length":1})");
    EXPECT_EQ(faults<texts>(R"({"name":"ääää"})"),
              R"(string_too_long name: String should have at most 3 characters {"max_length":3})");
    EXPECT_EQ(faults<texts>(R"({"name":"ab1"})"),
              "string_pattern_mismatch name: String should match pattern '[a-zä]+$' "
              R"({"pattern":"[a-zä]+$"})");
    EXPECT_EQ(faults<texts>(R"({"note":"a"})").substr(0, 21), "string_too_short note");
    EXPECT_EQ(faults<texts>(R"({"tags":["a"]})"),
              "too_short tags: List should have at least 2 items after validation, not 1 "
              R"({"field_type":"List","min_length":2,"actual_length":1})");
    EXPECT_EQ(faults<texts>(R"({"tags":["a",""]})").substr(0, 23), "string_too_short tags.1");
    EXPECT_EQ(faults<texts>(R"({"set":[3,3]})").substr(0, 13), "too_short set");
    EXPECT_EQ(faults<texts>(R"({"map":{"a":-1}})").substr(0, 24), "greater_than_equal map.a");
    EXPECT_EQ(faults<texts>(R"({"map":{"A":1}})").substr(0, 35),
              "string_pattern_mismatch map.A.[key]");
}

struct checked {
    int even = 0;
    int other = 0;
    static void describe(auto& m) {
        m(&checked::even).check([](int n) { return n % 2 == 0 ? nullptr : "odd"; });
        m.check([](const checked& c) { return c.even == c.other ? "the same" : nullptr; });
    }
};

TEST(Rules, MayBeFunctions) {
    EXPECT_EQ(faults<checked>(R"({"even":2})"), "");
    EXPECT_EQ(faults<checked>(R"({"even":3})"),
              R"(value_error even: Value error, odd {"error":"odd"})");
    EXPECT_EQ(faults<checked>("{}"), R"(value_error: Value error, the same {"error":"the same"})");
}

struct closed {
    int a = 0;
    static void describe(auto& m) { m.forbid_extra().strict(); }
};

TEST(Rules, MayForbidWhatIsUnknownAndConversions) {
    EXPECT_EQ(faults<closed>(R"({"b":1,"a":"1","c":2})"),
              "int_type a: Input should be a valid integer\n"
              "extra_forbidden b: Extra inputs are not permitted\n"
              "extra_forbidden c: Extra inputs are not permitted");
}

struct account {
    int id = 7;
    std::string name;
    std::string password;
    static void describe(auto& m) {
        m(&account::id).read_only();
        m(&account::password).write_only().min_length(8);
    }
};

TEST(Rules, MembersMayBeReadOnlyOrWriteOnly) {
    const auto read = json::loads<account>(R"({"id":"x","name":"ann","password":"12345678"})");
    EXPECT_EQ(read.id, 7);
    EXPECT_EQ(read.password, "12345678");
    EXPECT_EQ(json::dumps(read), R"({"id":7,"name":"ann"})");
}

TEST(Rules, WhatIsWriteOnlyIsNotEchoed) {
    for (const char* text : {R"({"name":"ann","password":"secret"})", R"({"password":"secret"})",
                             R"({"name":"ann","password":["secret"]})"}) {
        try {
            json::loads<account>(text);
            FAIL();
        } catch (const json::validation_error& e) {
            EXPECT_THAT(e.json(), testing::Not(HasSubstr("secret")));
        }
        EXPECT_NE((faults<std::vector<account>>('[' + std::string(text) + ']')), "");
    }
}

TEST(Rules, LongInputsAreCut) {
    const std::string text =
        '[' + std::string(5000, ' ') + "{\"a\":\"" + std::string(5000, 'x') + "\"}]";
    try {
        json::loads<std::vector<int>>(text);
        FAIL();
    } catch (const json::validation_error& e) {
        EXPECT_LT(e.json().size(), 1500u);
    }
}

TEST(Rules, AreBrokenInNoMoreThanAThousandPlaces) {
    std::string text = "[";
    for (int i = 0; i < 5000; ++i) {
        text += "{},";
    }
    text.back() = ']';
    try {
        json::loads<std::vector<account>>(text);
        FAIL();
    } catch (const json::validation_error& e) {
        EXPECT_EQ(e.errors().size(), 1000u);
        EXPECT_STREQ(e.what(), "[0].name: Field required (and 999 more)");
    }
}

struct odd_name {
    int x = 1;
    static void describe(auto& m) { m(&odd_name::x).alias("a\"b\n\\\u00e4"); }
};

TEST(Rules, AnAliasMayBeAnyText) {
    EXPECT_EQ(json::dumps(odd_name{}), "{\"a\\\"b\\u000a\\\\\u00e4\":1}");
    EXPECT_EQ(again<odd_name>("{\"a\\\"b\\n\\\\\u00e4\":2}"), "{\"a\\\"b\\u000a\\\\\u00e4\":2}");
}

struct bad_pattern {
    std::string a;
    static void describe(auto& m) { m(&bad_pattern::a).pattern("("); }
};

TEST(Rules, ABadPatternIsAMistakeOfTheProgram) {
    EXPECT_THROW(json::loads<bad_pattern>(R"({"a":""})"), std::logic_error);
    try {
        rondo::detail::prepare_json(rondo::detail::type_of<std::vector<bad_pattern>>);
        FAIL();
    } catch (const std::logic_error& e) {
        EXPECT_STREQ(e.what(), "bad_pattern.a: pattern '(': missing ): (");
    }
}

}  // namespace
