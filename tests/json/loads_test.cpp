// SPDX-License-Identifier: MIT
#include <rondo/json/json.hpp>

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace json = rondo::json;

namespace {

struct item {
    std::string name;
    double price;
    int quantity = 1;
    std::optional<std::string> description;
    std::vector<std::string> tags;
};

TEST(Loads, ReadsAStructAndKeepsTheDefaultsOfWhatIsMissing) {
    const auto read = json::loads<item>(R"({"name":"ann","price":2.5,"tags":["a","b"]})");
    EXPECT_EQ(read.name, "ann");
    EXPECT_EQ(read.price, 2.5);
    EXPECT_EQ(read.quantity, 1);
    EXPECT_EQ(read.description, std::nullopt);
    EXPECT_THAT(read.tags, testing::ElementsAre("a", "b"));
}

TEST(Loads, SaysEverythingThatIsWrongAtOnce) {
    try {
        json::loads<item>(R"({"price":"dear","tags":["a",1]})");
        FAIL();
    } catch (const json::validation_error& e) {
        EXPECT_EQ(
            e.json(),
            R"([{"type":"missing","loc":["name"],"msg":"Field required",)"
            R"("input":{"price":"dear","tags":["a",1]}},)"
            R"({"type":"float_parsing","loc":["price"],"msg":"Input should be a valid number,)"
            R"( unable to parse string as a number","input":"dear"},)"
            R"({"type":"string_type","loc":["tags",1],"msg":"Input should be a valid string",)"
            R"("input":1}])");
        EXPECT_STREQ(e.what(), "name: Field required (and 2 more)");
    }
}

}  // namespace
