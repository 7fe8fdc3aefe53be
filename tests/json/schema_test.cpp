// SPDX-License-Identifier: MIT
#include <rondo/json/json.hpp>
#include <rondo/json/literal.hpp>
#include <rondo/json/partial.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;

namespace {

template <class T>
std::string schema() {
    return json::dumps(json::schema<T>());
}

enum class colour { red, green };

struct item {
    std::string name;
    double price;
    int quantity = 1;
    std::optional<std::string> note;
    std::vector<std::string> tags;
    static void describe(auto& m) {
        m.title("Item").description("what is sold").forbid_extra();
        m(&item::name)
            .min_length(1)
            .max_length(50)
            .pattern("^[a-z]+$")
            .examples(std::string("ann"));
        m(&item::price).gt(0).le(100).description("in euro").deprecated();
        m(&item::note).max_length(9);
        m(&item::tags).optional().max_length(5).each().min_length(2);
    }
};

TEST(Schema, SaysWhatDescribeSaid) {
    EXPECT_EQ(schema<item>(),
              R"({"$ref":"#/$defs/item","$defs":{"item":{"type":"object","title":"Item",)"
              R"("description":"what is sold","properties":{)"
              R"("name":{"type":"string","minLength":1,"maxLength":50,"pattern":"^[a-z]+$",)"
              R"("examples":["ann"]},)"
              R"("price":{"type":"number","exclusiveMinimum":0.0,"maximum":100.0,)"
              R"("description":"in euro","deprecated":true},)"
              R"("quantity":{"type":"integer","default":1},)"
              R"("note":{"anyOf":[{"type":"string","maxLength":9},{"type":"null"}],)"
              R"("default":null},)"
              R"("tags":{"type":"array","items":{"type":"string","minLength":2},"maxItems":5}},)"
              R"("required":["name","price"],"additionalProperties":false}}})");
}

TEST(Schema, NamesTheFormsOfValues) {
    EXPECT_EQ(schema<bool>(), R"({"type":"boolean"})");
    EXPECT_EQ(schema<rondo::uuid>(), R"({"type":"string","format":"uuid"})");
    EXPECT_EQ(schema<colour>(), R"({"type":"string","title":"colour","enum":["red","green"]})");
    EXPECT_EQ(schema<json::value>(), "{}");
    using choice = json::literal<"a", "b">;
    EXPECT_EQ(schema<choice>(), R"({"type":"string","enum":["a","b"]})");
    EXPECT_EQ((schema<std::pair<int, std::string>>()),
              R"({"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],)"
              R"("minItems":2,"maxItems":2})");
    EXPECT_EQ((schema<std::map<std::string, int>>()),
              R"({"type":"object","additionalProperties":{"type":"integer"}})");
    EXPECT_EQ((schema<std::variant<int, std::string>>()),
              R"({"anyOf":[{"type":"integer"},{"type":"string"}]})");
}

struct node {
    int value;
    std::vector<node> children;
};

TEST(Schema, OfARecursiveTypeEnds) {
    EXPECT_EQ(schema<node>(),
              R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","title":"node",)"
              R"("properties":{"value":{"type":"integer"},"children":{"type":"array",)"
              R"("items":{"$ref":"#/$defs/node"}}},"required":["value","children"]}}})");
}

struct cat {
    json::literal<"cat"> kind;
};
struct dog {
    json::literal<"dog", "puppy"> kind;
};

TEST(Schema, OfAlternativesWithALiteralHasADiscriminator) {
    const auto made = json::schema<std::variant<cat, dog>>();
    EXPECT_EQ(json::dumps(made["discriminator"]),
              R"({"propertyName":"kind","mapping":{"cat":"#/$defs/cat","dog":"#/$defs/dog",)"
              R"("puppy":"#/$defs/dog"}})");
    EXPECT_EQ(made["oneOf"].size(), 2u);
}

namespace elsewhere {
struct node {
    int other;
};
}  // namespace elsewhere

TEST(Schema, KeepsClassesOfOneNameApart) {
    const auto made = json::schema<std::pair<node, elsewhere::node>>();
    EXPECT_TRUE(made["$defs"].contains("node"));
    EXPECT_TRUE(made["$defs"].contains("node_2"));
    EXPECT_EQ(made["prefixItems"][1]["$ref"], "#/$defs/node_2");
}

TEST(Schema, OfAPartialRequiresNothing) {
    const auto made = json::schema<json::partial<node>>();
    EXPECT_FALSE(made["$defs"]["partial_node"].contains("required"));
}

}  // namespace
