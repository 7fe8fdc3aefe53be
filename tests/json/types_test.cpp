// SPDX-License-Identifier: MIT
#include "json/faults.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;
using namespace std::chrono_literals;

namespace {

TEST(Types, BooleansAreReadFromWordsAndNumbersToo) {
    for (const char* yes :
         {"true", "1", "1.0", "\"true\"", "\"YES\"", "\"on\"", "\"t\"", "\"1\""}) {
        EXPECT_TRUE(json::loads<bool>(yes)) << yes;
    }
    for (const char* no : {"false", "0", "\"off\"", "\"F\"", "\"no\"", "\"n\"", "\"0\""}) {
        EXPECT_FALSE(json::loads<bool>(no)) << no;
    }
    EXPECT_EQ(faults<bool>("9223372036854775808"), "bool_type: Input should be a valid boolean");
    for (const char* whole : {"2", "2.0", "1e16"}) {
        EXPECT_EQ(faults<bool>(whole),
                  "bool_parsing: Input should be a valid boolean, unable to interpret input");
    }
    EXPECT_EQ(faults<bool>("null"), "bool_type: Input should be a valid boolean");
    EXPECT_EQ(faults<bool>("1", {.strict = true}), "bool_type: Input should be a valid boolean");
}

template <class I>
void expect_width() {
    const std::string least = std::to_string(std::numeric_limits<I>::min());
    const std::string most = std::to_string(std::numeric_limits<I>::max());
    EXPECT_EQ(again<I>(least), least);
    EXPECT_EQ(again<I>(most), most);
    EXPECT_EQ(again<I>('"' + most + '"'), most);
    EXPECT_EQ(faults<I>('"' + most + "0\"").substr(0, 16), "int_parsing_size");
    if (sizeof(I) < 8) {
        EXPECT_EQ(faults<I>(most + "0").substr(0, 16), "int_parsing_size");
    }
    if (std::is_unsigned_v<I>) {
        EXPECT_EQ(faults<I>("-1").substr(0, 16), "int_parsing_size");
        EXPECT_EQ(again<I>("\"-0\""), "0");
    }
}

TEST(Types, IntegersOfEveryWidthAreExact) {
    expect_width<std::int8_t>();
    expect_width<std::uint8_t>();
    expect_width<std::int16_t>();
    expect_width<std::uint16_t>();
    expect_width<std::int32_t>();
    expect_width<std::uint32_t>();
    expect_width<std::int64_t>();
    expect_width<std::uint64_t>();
    EXPECT_EQ(faults<std::int64_t>("18446744073709551615").substr(0, 16), "int_parsing_size");
}

TEST(Types, IntegersAreReadFromStringsAndRoundNumbersToo) {
    EXPECT_EQ(json::loads<int>("1.0"), 1);
    EXPECT_EQ(json::loads<int>("-1e3"), -1000);
    EXPECT_EQ(json::loads<int>("\" 42 \""), 42);
    EXPECT_EQ(json::loads<int>("\"+42.00\""), 42);
    EXPECT_EQ(json::loads<std::uint64_t>("1e19"), 10'000'000'000'000'000'000u);
    EXPECT_EQ(faults<int>("1.5"),
              "int_from_float: Input should be a valid integer, got a number "
              "with a fractional part");
    for (const char* text :
         {"\"x\"", "\"1.5\"", "\"\"", "\"1 2\"", "\"0x1\"", "\"--1\"", "\"1.\""}) {
        EXPECT_EQ(faults<int>(text),
                  "int_parsing: Input should be a valid integer, unable to "
                  "parse string as an integer")
            << text;
    }
    EXPECT_EQ(faults<int>("1e30"),
              "int_parsing_size: Unable to parse input string as an integer, "
              "exceeded maximum size");
    EXPECT_EQ(faults<int>("true"), "int_type: Input should be a valid integer");
    EXPECT_EQ(faults<int>("1.0", {.strict = true}), "int_type: Input should be a valid integer");
}

TEST(Types, RealsAreWrittenShortAndReadBack) {
    EXPECT_EQ(json::dumps(0.1), "0.1");
    EXPECT_EQ(json::dumps(1.0), "1.0");
    EXPECT_EQ(json::dumps(-0.0), "-0.0");
    EXPECT_EQ(json::dumps(100000.0), "100000.0");
    EXPECT_EQ(json::dumps(1e22), "1e+22");
    EXPECT_EQ(json::dumps(5e-324), "5e-324");
    EXPECT_EQ(json::dumps(-35.07), "-35.07");
    EXPECT_EQ(json::dumps(0.001), "0.001");
    EXPECT_EQ(json::dumps(0.0005), "5e-04");
    EXPECT_EQ(json::dumps(1234567.8901), "1234567.8901");
    EXPECT_EQ(json::dumps(0.30000000000000004), "0.30000000000000004");
    EXPECT_EQ(json::dumps(123456789012345.67), "123456789012345.67");
    EXPECT_EQ(json::dumps(0.1f), "0.1");
    EXPECT_EQ(json::loads<double>("1"), 1.0);
    EXPECT_EQ(json::loads<double>("\"1e3\""), 1000.0);
    EXPECT_EQ(json::loads<double>("18446744073709551615"), 18446744073709551615.0);
    EXPECT_EQ(faults<double>("\"x\""),
              "float_parsing: Input should be a valid number, unable to parse string as a number");
    EXPECT_EQ(faults<double>("\"nan\""), "finite_number: Input should be a finite number");
    EXPECT_EQ(faults<float>("1e39"), "finite_number: Input should be a finite number");
    EXPECT_EQ(faults<bool>("1.5"), "bool_type: Input should be a valid boolean");
    EXPECT_EQ(faults<bool>("2"),
              "bool_parsing: Input should be a valid boolean, unable to interpret input");
    EXPECT_EQ(faults<double>("true"), "float_type: Input should be a valid number");
}

TEST(Types, WhatIsNotFiniteIsNullOrRefused) {
    EXPECT_EQ(json::dumps(std::vector<double>{NAN, INFINITY, -INFINITY}), "[null,null,null]");
    EXPECT_THROW(json::dumps(NAN, {.nan = json::nan_policy::error}), json::encode_error);
}

TEST(Types, StringsAreUtf8AndNothingElse) {
    EXPECT_EQ(json::dumps("a\"\\\b\f\n\r\t\x01/\x7f\u00e4\u20ac"),
              "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001/\x7f\u00e4\u20ac\"");
    EXPECT_EQ(json::loads<std::string>(R"("\u00e4\ud834\udd1e")"), "\u00e4\U0001d11e");
    EXPECT_EQ(json::loads<std::string>(R"("a\u0000b")"), std::string("a\0b", 3));
    EXPECT_EQ(faults<std::string>("5"), "string_type: Input should be a valid string");
    EXPECT_THROW(json::dumps("\xff"), json::encode_error);
    EXPECT_THROW(json::dumps(std::string(5000, 'a') + "\xc3"), json::encode_error);
    const std::string kilobytes(100'000, '"');
    EXPECT_EQ(json::loads<std::string>(json::dumps(kilobytes)), kilobytes);
}

TEST(Types, WhatMayBeNull) {
    EXPECT_EQ(again<std::optional<int>>("null"), "null");
    EXPECT_EQ(again<std::optional<int>>("\"5\""), "5");
    EXPECT_EQ(again<std::unique_ptr<int>>("null"), "null");
    EXPECT_EQ(again<std::unique_ptr<int>>("5"), "5");
}

TEST(Types, Lists) {
    EXPECT_EQ(again<std::vector<int>>("[1,2,3]"), "[1,2,3]");
    EXPECT_EQ(again<std::vector<bool>>("[true,false]"), "[true,false]");
    EXPECT_EQ(again<std::deque<int>>("[1,2]"), "[1,2]");
    EXPECT_EQ(again<std::list<int>>("[1,2]"), "[1,2]");
    EXPECT_EQ(again<std::set<int>>("[2,1,2]"), "[1,2]");
    EXPECT_EQ((again<std::array<int, 2>>("[1,2]")), "[1,2]");
    EXPECT_EQ((again<std::pair<int, std::string>>("[1,\"a\"]")), "[1,\"a\"]");
    EXPECT_EQ((again<std::tuple<int, bool, double>>("[1,true,2]")), "[1,true,2.0]");
    EXPECT_EQ(faults<std::vector<int>>("[1,\"x\",null]"),
              "int_parsing 1: Input should be a valid integer, unable to parse string as an "
              "integer\nint_type 2: Input should be a valid integer");
    EXPECT_EQ(faults<std::vector<int>>("{}"), "list_type: Input should be a valid list");
    EXPECT_EQ(faults<std::set<int>>("1"), "set_type: Input should be a valid set");
    EXPECT_EQ((faults<std::array<int, 2>>("[1,2,3]")),
              "too_long: Tuple should have at most 2 items after validation, not 3 "
              R"({"field_type":"Tuple","max_length":2,"actual_length":3})");
    EXPECT_EQ((faults<std::pair<int, int>>("[1]")), "missing 1: Field required");
    EXPECT_EQ((faults<std::tuple<int>>("1")), "tuple_type: Input should be a valid tuple");
}

enum class colour { red, green, blue };
enum class level : std::uint8_t { low = 1, high = 200 };
constexpr auto enumerators(level) {
    return std::array{std::pair("low", level::low), std::pair("high", level::high)};
}

TEST(Types, EnumsGoByName) {
    EXPECT_EQ(again<colour>("\"green\""), "\"green\"");
    EXPECT_EQ(again<level>("\"high\""), "\"high\"");
    for (const char* text : {"\"pink\"", "1"}) {
        EXPECT_EQ(faults<colour>(text),
                  "enum: Input should be 'red', 'green' or 'blue' "
                  R"({"expected":"'red', 'green' or 'blue'"})");
    }
    EXPECT_THROW(json::dumps(static_cast<colour>(9)), json::encode_error);
}

TEST(Types, MapsAreObjects) {
    EXPECT_EQ((again<std::map<std::string, int>>(R"({"b":1,"a":2})")), R"({"a":2,"b":1})");
    EXPECT_EQ((again<std::map<int, bool>>(R"({"10":true,"-2":false})")),
              R"({"-2":false,"10":true})");
    EXPECT_EQ((again<std::unordered_map<colour, int>>(R"({"red":1})")), R"({"red":1})");
    EXPECT_EQ((again<std::map<rondo::uuid, int>>(R"({"F47AC10B58CC4372A5670E02B2C3D479":1})")),
              R"({"f47ac10b-58cc-4372-a567-0e02b2c3d479":1})");
    EXPECT_EQ((faults<std::map<int, int>>(R"({"a":1,"2":"x"})")),
              "int_parsing a.[key]: Input should be a valid integer, unable to parse string as an "
              "integer\nint_parsing 2: Input should be a valid integer, unable to parse string as "
              "an integer");
    EXPECT_EQ((faults<std::map<int, int>>(R"({"1":2})", {.strict = true})), "");
    EXPECT_EQ((faults<std::map<int, int>>("[]")), "dict_type: Input should be a valid dictionary");
}

TEST(Types, BytesAreBase64) {
    using bytes = std::vector<std::byte>;
    for (const char* text : {"\"\"", "\"/w==\"", "\"//8=\"", "\"AAEC\"", "\"+/+/\""}) {
        EXPECT_EQ(again<bytes>(text), text);
    }
    EXPECT_EQ(again<bytes>("\"-_8\""), "\"+/8=\"");
    for (const char* text : {"\"A\"", "\"AA=\"", "\"AB==\"", "\"A A=\"", "\"====\"", "\"AAA*\""}) {
        EXPECT_NE(faults<bytes>(text), "") << text;
    }
}

TEST(Types, UuidsAndDecimals) {
    EXPECT_EQ(again<rondo::uuid>("\"F47AC10B-58CC-4372-A567-0E02B2C3D479\""),
              "\"f47ac10b-58cc-4372-a567-0e02b2c3d479\"");
    EXPECT_EQ(faults<rondo::uuid>("\"x\"").substr(0, 11), "uuid_parsin");
    EXPECT_EQ(faults<rondo::uuid>("1"),
              "uuid_type: UUID input should be a string, bytes or UUID object");
    EXPECT_EQ(again<rondo::decimal>("\"12345678901234567890.10\""), "\"12345678901234567890.10\"");
    EXPECT_EQ(again<rondo::decimal>("0.1"), "\"0.1\"");
    EXPECT_EQ(again<rondo::decimal>("-5"), "\"-5\"");
    EXPECT_EQ(faults<rondo::decimal>("0.1234567890123456").substr(0, 12), "decimal_type");
    EXPECT_EQ(faults<rondo::decimal>("\"1,5\""),
              "decimal_parsing: Input should be a valid decimal");
    EXPECT_EQ(faults<rondo::decimal>("\"NaN\""), "finite_number: Input should be a finite number");
}

struct email {
    std::string address;
    static std::optional<email> parse(std::string_view text) {
        return text.find('@') == text.npos ? std::nullopt : std::optional(email{std::string(text)});
    }
    std::string to_string() const { return address; }
};

TEST(Types, OnesOwnScalarsAreStrings) {
    EXPECT_EQ(again<email>("\"a@b\""), "\"a@b\"");
    EXPECT_EQ((again<std::map<std::string, email>>(R"({"x":"a@b"})")), R"({"x":"a@b"})");
    EXPECT_EQ(faults<email>("\"a\""),
              R"(value_error: Value error, not a valid email {"error":"not a valid email"})");
}

struct node {
    int value = 0;
    std::vector<node> children;
    std::unique_ptr<node> next;
};

TEST(Types, MayBeRecursiveToADepthOf128) {
    EXPECT_EQ(again<node>(R"({"value":1,"children":[{"children":[],"next":null}],"next":null})"),
              R"({"value":1,"children":[{"value":0,"children":[],"next":null}],"next":null})");
    node root;
    node* last = &root;
    for (int i = 0; i < 127; ++i) {
        last->next = std::make_unique<node>();
        last = last->next.get();
    }
    const std::string deepest = R"({"value":0,"children":[],"next":null})";
    EXPECT_THROW(json::dumps(root), json::encode_error) << "the empty list is one level more";
    last->next.reset();
    std::string text = "null";
    for (int i = 0; i < 127; ++i) {
        text = R"({"value":0,"children":[],"next":)" + text + "}";
    }
    EXPECT_EQ(again<node>(text), text);
}

}  // namespace
