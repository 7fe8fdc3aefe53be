// SPDX-License-Identifier: MIT
#include "json/faults.hpp"
#include <rondo/json/literal.hpp>
#include <rondo/json/partial.hpp>

#include <map>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;

namespace {

template <class... A>
std::size_t chosen(std::string_view text) {
    return json::loads<std::variant<A...>>(text).index();
}

struct point {
    int x, y;
};

TEST(Variant, IsTheFirstAlternativeThatFitsExactly) {
    EXPECT_EQ((chosen<int, std::string>("5")), 0u);
    EXPECT_EQ((chosen<int, std::string>("\"5\"")), 1u);
    EXPECT_EQ((chosen<double, int>("5")), 1u);
    EXPECT_EQ((chosen<int, double>("5.0")), 1u);
    EXPECT_EQ((chosen<bool, int>("1")), 1u);
    EXPECT_EQ((chosen<std::vector<int>, point>(R"({"x":1,"y":2})")), 1u);
    EXPECT_EQ((chosen<std::vector<std::string>, std::vector<int>>("[1]")), 1u);
}

TEST(Variant, ElseTheFirstThatFitsWithConversion) {
    EXPECT_EQ((chosen<bool, int>("\"7\"")), 1u);
    EXPECT_EQ((chosen<double, bool>("7")), 0u);
    EXPECT_EQ((chosen<std::string, point>(R"({"x":"1","y":2})")), 1u);
}

TEST(Variant, ThatFitsNothingSaysWhyForEach) {
    EXPECT_EQ((faults<std::variant<int, std::string>>("1.5")),
              "int_from_float int: Input should be a valid integer, got a number with a fractional "
              "part\nstring_type str: Input should be a valid string");
    EXPECT_EQ(
        (faults<std::map<std::string, std::variant<point, std::vector<int>>>>(R"({"a":{"x":1}})")),
        "missing a.point.y: Field required\n"
        "list_type a.list[int]: Input should be a valid list");
}

struct cat {
    json::literal<"cat"> kind;
    int lives = 9;
};
struct dog {
    json::literal<"dog", "puppy"> kind;
    double bark;
};
using pet = std::variant<cat, dog>;

TEST(Variant, IsChosenByALiteralThatAllHave) {
    EXPECT_EQ(again<pet>(R"({"kind":"cat"})"), R"({"kind":"cat","lives":9})");
    EXPECT_EQ(again<pet>(R"({"bark":1,"kind":"puppy"})"), R"({"kind":"puppy","bark":1.0})");
    EXPECT_EQ(faults<pet>(R"({"kind":"dog"})"), "missing dog.bark: Field required");
    EXPECT_EQ(faults<pet>("{}"),
              "union_tag_not_found: Unable to extract tag using discriminator "
              R"('kind' {"discriminator":"'kind'"})");
    EXPECT_EQ(faults<pet>(R"({"kind":"cow"})"),
              "union_tag_invalid: Input tag 'cow' found using 'kind' does not match any of the "
              "expected tags: 'cat', 'dog', 'puppy' "
              R"({"discriminator":"'kind'","tag":"cow","expected_tags":"'cat', 'dog', 'puppy'"})");
    EXPECT_EQ(faults<pet>("[]"),
              "model_attributes_type: Input should be a valid dictionary or "
              "object to extract fields from");
}

TEST(Literal, IsOneOfItsTexts) {
    using choice = json::literal<"a", "b">;
    choice c = "b";
    EXPECT_EQ(c, "b");
    EXPECT_EQ(choice(), "a");
    EXPECT_EQ(json::dumps(c), "\"b\"");
    EXPECT_THROW(c = choice("z"), std::invalid_argument);
    EXPECT_EQ(faults<choice>("\"c\""),
              R"(literal_error: Input should be 'a' or 'b' {"expected":"'a' or 'b'"})");
}

struct left;
struct right;
using tree = std::variant<int, std::vector<left>, std::vector<right>>;
struct left {
    tree inner;
};
struct right {
    tree inner;
};

TEST(Variant, NeedsNoExponentialTime) {
    std::string text = "\"x\"";
    for (int i = 0; i < 60; ++i) {
        text = R"([{"inner":)" + text + "}]";
    }
    EXPECT_NE(faults<tree>(text), "");
}

struct item {
    std::string name;
    double price;
    int quantity = 1;
    static void describe(auto& m) { m(&item::price).gt(0); }
};

TEST(Partial, RemembersWhatWasThere) {
    const auto sent = json::loads<json::partial<item>>(R"({"price":2})");
    EXPECT_TRUE(sent.has(&item::price));
    EXPECT_FALSE(sent.has(&item::name));
    EXPECT_FALSE(sent.has(&item::quantity));
    item stored{"ann", 1, 5};
    sent.apply_to(stored);
    EXPECT_EQ(json::dumps(stored), R"({"name":"ann","price":2.0,"quantity":5})");
    EXPECT_EQ(json::dumps(sent), R"({"price":2.0})");
    EXPECT_EQ(faults<json::partial<item>>(R"({"price":0})"),
              R"(greater_than price: Input should be greater than 0 {"gt":0.0})");
    EXPECT_TRUE(json::loads<json::partial<item>>("{}").empty());
}

}  // namespace
