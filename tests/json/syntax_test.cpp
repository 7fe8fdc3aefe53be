// SPDX-License-Identifier: MIT
#include "json/syntax.hpp"

#include "json/faults.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

using namespace std::string_literals;
namespace json = rondo::json;

namespace {

bool is_json(std::string_view text) {
    try {
        json::loads(text);
        return true;
    } catch (const json::decode_error&) {
        return false;
    }
}

std::string nested(std::size_t depth, char open, const std::string& inside, char close) {
    return std::string(depth, open) + inside + std::string(depth, close);
}

const std::string accepted[] = {"null",
                                "true",
                                "false",
                                "0",
                                "-0",
                                "1",
                                "-1",
                                "0.5",
                                "1e3",
                                "1E+3",
                                "1e-3",
                                "1.25e2",
                                "-0.0",
                                "9223372036854775807",
                                "-9223372036854775808",
                                "18446744073709551615",
                                "1e308",
                                "1e-400",
                                "0.1e1",
                                "123e65",
                                "\"\"",
                                "\"a\"",
                                "[]",
                                "{}",
                                "[[]]",
                                "[1,2]",
                                "{\"a\":1}",
                                "{\"\":1}",
                                "{\"a\":1,\"b\":[{}]}",
                                " [1 , 2 ] ",
                                "\n\r\t 1 \n",
                                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                "\"\\u0041\"",
                                "\"\\u0000\"",
                                "\"\\ud834\\udd1e\"",
                                "\"\\uD834\\uDD1E\"",
                                "\"\x7f\"",
                                "\"\xc3\xa4\"",
                                "\"\xe2\x82\xac\"",
                                "\"\xf0\x9d\x84\x9e\"",
                                "\"\xf4\x8f\xbf\xbf\"",
                                "{\"a\":1,\"a\":2}",
                                "[\"a\",null,true]",
                                "\"\xef\xbb\xbf\"",
                                nested(128, '[', "1", ']')};

const std::string refused[] = {"",
                               " ",
                               "nul",
                               "nulll",
                               "True",
                               "NULL",
                               "NaN",
                               "Infinity",
                               "-Infinity",
                               "+1",
                               "-",
                               "01",
                               "-01",
                               "1.",
                               ".5",
                               "1e",
                               "1e+",
                               "1.e1",
                               "0x1",
                               "1 2",
                               "1_000",
                               "1,",
                               ",1",
                               "[",
                               "]",
                               "[1",
                               "[1,",
                               "[1,]",
                               "[,1]",
                               "[1,,2]",
                               "[1 2]",
                               "[1:2]",
                               "{",
                               "}",
                               "{\"a\"",
                               "{\"a\":",
                               "{\"a\":1",
                               "{\"a\":1,",
                               "{\"a\":1,}",
                               "{,}",
                               "{a:1}",
                               "{'a':1}",
                               "{\"a\" 1}",
                               "{\"a\",1}",
                               "{1:1}",
                               "{\"a\":1 \"b\":2}",
                               "{\"a\"::1}",
                               "{null:1}",
                               "[}",
                               "{]",
                               "[1}",
                               "\"",
                               "\"a",
                               "'a'",
                               "\"\\\"",
                               "\"\\x\"",
                               "\"\\u\"",
                               "\"\\u12\"",
                               "\"\\u123g\"",
                               "\"\\ud800\"",
                               "\"\\udc00\"",
                               "\"\\ud800\\u0041\"",
                               "\"\\ud800\\ud800\"",
                               "\"\\ud800a\"",
                               "\"\n\"",
                               "\"\t\"",
                               "\"\x1f\"",
                               "\"a\0b\""s,
                               "\0"s,
                               "1\0"s,
                               "\xef\xbb\xbf"
                               "1",
                               "// c\n1",
                               "/* c */1",
                               "1 // c",
                               "# c\n1",
                               "\"\xc3\"",
                               "\"\xff\"",
                               "\"\xc0\x80\"",
                               "\"\xed\xa0\x80\"",
                               "\"\xf4\x90\x80\x80\"",
                               "\"\xe2\x82\"",
                               "\"\x80\"",
                               "{\"\xff\":1}",
                               "[\"\xc3\xa4\xc3\"]",
                               "\xc3\xa4",
                               "\f1",
                               "\v1",
                               "\xc2\xa0"
                               "1",
                               "1e400",
                               "-1e400",
                               "18446744073709551616",
                               "-9223372036854775809",
                               "100000000000000000000000",
                               "[1]]",
                               "{}{}",
                               "\"a\"\"b\"",
                               "truefalse",
                               "[true false]",
                               "[1e1e1]",
                               "[--1]",
                               "[1.2.3]",
                               "[+1]",
                               "undefined",
                               nested(129, '[', "1", ']'),
                               nested(100'000, '[', "", ']'),
                               std::string(100'000, '['),
                               "{\"a\":" + nested(128, '[', "1", ']') + "}"};

TEST(Syntax, TakesWhatIsJson) {
    for (const auto& text : accepted) {
        EXPECT_TRUE(is_json(text)) << text;
        EXPECT_FALSE(rondo::detail::find_syntax_fault(text, false)) << text;
    }
}

TEST(Syntax, RefusesWhatIsNotAndKnowsWhere) {
    for (const auto& text : refused) {
        EXPECT_FALSE(is_json(text)) << text.substr(0, 50);
        EXPECT_TRUE(rondo::detail::find_syntax_fault(text, false)) << text.substr(0, 50);
    }
}

TEST(Syntax, IsCheckedInMembersThatNobodyAskedFor) {
    struct point {
        int x = 0;
    };
    EXPECT_EQ(again<point>(R"({"x":1,"other":[1,{"a":null}]})"), R"({"x":1})");
    for (const char* other : {"tru", "[1,]", "\"\xff\"", "01", "\"\\ud800\"", "{\"a\"}", "1e999"}) {
        EXPECT_FALSE(is_json(R"({"x":1,"other":)" + std::string(other) + "}")) << other;
    }
}

TEST(Syntax, FaultsSayWhereAndWhat) {
    const auto fault = [](std::string_view text) {
        try {
            json::loads(text);
            return "none"s;
        } catch (const json::decode_error& e) {
            return std::to_string(e.position()) + ' ' + std::to_string(e.line()) + ':' +
                   std::to_string(e.column()) + ' ' + e.message();
        }
    };
    EXPECT_EQ(fault("[1,\n 2 3]"), "7 2:4 Expecting ',' delimiter");
    EXPECT_EQ(fault("{\"a\" 1}"), "5 1:6 Expecting ':' delimiter");
    EXPECT_EQ(fault("{a:1}"), "1 1:2 Expecting property name enclosed in double quotes");
    EXPECT_EQ(fault("[1,]"), "2 1:3 Illegal trailing comma before end of array");
    EXPECT_EQ(fault(""), "0 1:1 Expecting value");
    EXPECT_EQ(fault("1 2"), "2 1:3 Extra data");
    EXPECT_EQ(fault("[\"a"), "1 1:2 Unterminated string starting at");
    EXPECT_EQ(fault("[\"a\nb\"]"), "3 1:4 Invalid control character at");
    EXPECT_EQ(fault("[\"\\u12\"]"), "3 1:4 Invalid \\uXXXX escape");
    EXPECT_EQ(fault("\n\n1e400"), "2 3:1 Number out of range");
    EXPECT_EQ(fault(nested(129, '[', "1", ']')), "128 1:129 Nested too deep");
    EXPECT_STREQ(json::decode_error("No", "a\nb", 2).what(), "No: line 2 column 1 (char 2)");
}

TEST(Syntax, WhatIsNoPartOfANumberFollowsIt) {
    const auto fault = [](std::string_view text) {
        try {
            json::loads(text);
            return "none"s;
        } catch (const json::decode_error& e) {
            return std::to_string(e.position()) + ' ' + e.message();
        }
    };
    EXPECT_EQ(fault("01"), "1 Extra data");
    EXPECT_EQ(fault("1."), "1 Extra data");
    EXPECT_EQ(fault("[1.5e]"), "4 Expecting ',' delimiter");
    EXPECT_EQ(fault("[1.e5]"), "2 Expecting ',' delimiter");
    EXPECT_EQ(fault("[1e+]"), "2 Expecting ',' delimiter");
    EXPECT_EQ(fault("-"), "0 Expecting value");
    EXPECT_EQ(fault("-x"), "0 Expecting value");
}

TEST(Syntax, OfTwoMembersOfOneNameTheLastOneWinsOrBothAreRefused) {
    struct point {
        int x;
        std::vector<int> list;
    };
    EXPECT_EQ(again<point>(R"({"x":"no","list":[1],"x":2,"list":[3]})"), R"({"x":2,"list":[3]})");
    EXPECT_EQ(again<json::value>(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
    EXPECT_EQ((again<std::map<std::string, int>>(R"({"a":"no","a":3})")), R"({"a":3})");
    std::string many = "{";
    for (int i = 0; i < 20'000; ++i) {
        many += "\"k" + std::to_string(i) + "\":null,";
    }
    std::string again_right = many.substr(1, many.size() - 2);
    for (std::size_t at = 0; (at = again_right.find("null", at)) != again_right.npos;) {
        again_right.replace(at, 4, "1");
    }
    EXPECT_EQ((json::loads<std::map<std::string, int>>(many + again_right + "}").size()), 20'000u)
        << "in less than quadratic time";
    const json::load_options strict{.duplicates = json::duplicates_policy::error};
    EXPECT_EQ(faults<json::value>("{\"a\":1,\n\"\\u0061\":2}", strict),
              "A name that stands twice in one object: line 2 column 1 (char 8)");
    EXPECT_EQ(faults<json::value>(R"([{"a":1},{"a":{"a":2}}])", strict), "");
}

}  // namespace
