// SPDX-License-Identifier: MIT
#include "json/faults.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;

namespace {

struct inner {
    int x = 1;
    std::vector<int> empty;
};
struct outer {
    std::string name = "a,b:{}[]\"";
    std::optional<int> none;
    inner in;
    std::vector<int> list{1, 2};
};

TEST(Dumps, IsOneLineWithoutSpaces) {
    EXPECT_EQ(json::dumps(outer{}), R"({"name":"a,b:{}[]\"","none":null,)"
                                    R"("in":{"x":1,"empty":[]},"list":[1,2]})");
}

TEST(Dumps, IndentsAsPythonDoes) {
    EXPECT_EQ(json::dumps(outer{}, {.indent = 2}), R"({
  "name": "a,b:{}[]\"",
  "none": null,
  "in": {
    "x": 1,
    "empty": []
  },
  "list": [
    1,
    2
  ]
})");
    EXPECT_EQ(json::dumps(std::vector<int>{}, {.indent = 2}), "[]");
    EXPECT_EQ(json::dumps(std::vector<int>{1}, {.indent = 0}), "[\n1\n]");
}

TEST(Dumps, SortsKeys) {
    EXPECT_EQ(
        json::dumps(json::loads(R"({"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]})"), {.sort_keys = true}),
        R"({"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}})");
}

TEST(Dumps, LeavesOutWhatIsNullOrTheDefault) {
    outer named;
    named.name = "n";
    EXPECT_EQ(json::dumps(named, {.exclude_none = true}),
              R"({"name":"n","in":{"x":1,"empty":[]},"list":[1,2]})");
    EXPECT_EQ(json::dumps(named, {.exclude_defaults = true}), R"({"name":"n","in":{"empty":[]}})");
}

TEST(Dumps, Appends) {
    std::string text = "data: ";
    json::dump(inner{}, text);
    EXPECT_EQ(text, R"(data: {"x":1,"empty":[]})");
}

TEST(Dumps, WritesMoreThanItsBufferHolds) {
    std::vector<std::string> many;
    for (int i = 0; i < 3000; ++i) {
        many.push_back(std::string(static_cast<std::size_t>(i % 700), 'x') + "\n\u00e4");
    }
    EXPECT_EQ(json::loads<std::vector<std::string>>(json::dumps(many)), many);
}

}  // namespace
