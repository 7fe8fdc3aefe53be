// SPDX-License-Identifier: MIT
#include "json/reader.hpp"
#include <rondo/json/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace json = rondo::json;
using rondo::detail::type_of;

namespace {

template <class T>
T from_text(std::string_view text, std::vector<json::error_detail>& errors) {
    T made = T();
    rondo::detail::try_read_text(text, type_of<T>, &made, rondo::detail::no_rules(),
                                 json::array{"query", "q"}, errors);
    return made;
}

TEST(Parameters, AreScalarsInPlainText) {
    std::vector<json::error_detail> errors;
    EXPECT_EQ(from_text<int>("5", errors), 5);
    EXPECT_EQ(from_text<std::optional<bool>>("yes", errors), true);
    EXPECT_EQ(from_text<std::string>("", errors), "");
    EXPECT_EQ(from_text<std::string>("5\0\"", errors), "5");
    EXPECT_TRUE(errors.empty());
    from_text<int>("x", errors);
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(json::dumps(errors[0].loc), R"(["query","q"])");
    EXPECT_EQ(errors[0].input, "x");
}

TEST(Parameters, ThatAreNoUtf8AreReadAsPythonReplacesThem) {
    std::vector<json::error_detail> errors;
    EXPECT_EQ(from_text<std::string>("a\xff\xe6\xbc\xa2", errors), "a\ufffd\u6f22");
    EXPECT_EQ(from_text<std::string>("\xe6\xbc", errors), "\ufffd");
    EXPECT_EQ(from_text<std::string>("\xe6\xbcx", errors), "\ufffdx");
    EXPECT_EQ(from_text<std::string>("\xc0\xaf", errors), "\ufffd\ufffd");
    EXPECT_EQ(from_text<std::string>("\xed\xa0\x80", errors), "\ufffd\ufffd\ufffd");
    EXPECT_EQ(from_text<std::string>("\xf4\x90\xf0\x9f\x98\x80", errors), "\ufffd\ufffd\U0001f600");
    EXPECT_TRUE(errors.empty());
    from_text<int>("\xff", errors);
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors[0].input, "\ufffd");
}

TEST(Parameters, MayBeRepeated) {
    std::vector<json::error_detail> errors;
    std::vector<int> made;
    const auto read = [&](const std::vector<std::string_view>& texts) {
        return rondo::detail::try_read_texts(texts, type_of<std::vector<int>>, &made,
                                             rondo::detail::no_rules(), json::array{"query", "q"},
                                             errors);
    };
    EXPECT_TRUE(read({"1", "2"}));
    EXPECT_EQ(made, (std::vector<int>{1, 2}));
    EXPECT_TRUE(read({}));
    EXPECT_TRUE(made.empty());
    EXPECT_FALSE(read({"1", "x", "3", "y"}));
    ASSERT_EQ(errors.size(), 2u);
    EXPECT_EQ(json::dumps(errors[1].loc), R"(["query","q",3])");
}

}  // namespace
