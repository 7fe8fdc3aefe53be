// SPDX-License-Identifier: MIT
#include <rondo/http/headers.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace http = rondo::http;

TEST(headers, have_names_without_case_and_keep_their_order) {
    http::headers h{{"Content-Type", "text/html"}, {"Vary", "accept"}};
    h.add("vary", "cookie");
    EXPECT_EQ(h.get("content-TYPE"), "text/html");
    EXPECT_EQ(h["VARY"], "accept");
    EXPECT_EQ(h["missing"], "");
    EXPECT_EQ(h.get("missing"), std::nullopt);
    EXPECT_THAT(h.get_all("Vary"), testing::ElementsAre("accept", "cookie"));
    std::vector<http::headers::field> seen(h.begin(), h.end());
    EXPECT_THAT(seen, testing::ElementsAre(testing::Pair("Content-Type", "text/html"),
                                           testing::Pair("Vary", "accept"),
                                           testing::Pair("vary", "cookie")));
}

TEST(headers, set_replaces_all_of_a_name_at_the_place_of_the_first) {
    http::headers h{{"a", "1"}, {"b", "2"}, {"A", "3"}};
    h.set("A", "4");
    EXPECT_EQ(h, (http::headers{{"a", "4"}, {"b", "2"}}));
    h.set("c", "5");
    EXPECT_EQ(h.size(), 3u);
    h.set("a", *h.get("b"));
    EXPECT_EQ(h["a"], "2");
}

TEST(headers, erase_removes_all_of_a_name) {
    http::headers h{{"a", "1"}, {"b", "2"}, {"A", "3"}};
    EXPECT_EQ(h.erase("a"), 2u);
    EXPECT_EQ(h.erase("a"), 0u);
    EXPECT_EQ(h, (http::headers{{"b", "2"}}));
    h.clear();
    EXPECT_TRUE(h.empty());
}

TEST(headers, do_not_grow_when_one_is_set_again_and_again) {
    http::headers h{{"x", ""}, {"y", "kept"}};
    for (int i = 0; i < 100'000; ++i) {
        h.set("x", std::to_string(i));
    }
    EXPECT_EQ(h, (http::headers{{"x", "99999"}, {"y", "kept"}}));
    EXPECT_LT(h.get("x")->data() - h.get("y")->data(), 4096);
}

TEST(headers, drop_spaces_around_a_value) {
    http::headers h{{"a", " \t 1 2\t"}};
    EXPECT_EQ(h["a"], "1 2");
}

TEST(headers, refuse_what_would_break_out_of_the_line) {
    http::headers h;
    for (std::string_view value : {"a\r\nb: c", "a\nb", "a\rb", "\x7f", "\x01"}) {
        EXPECT_THROW(h.set("a", value), std::invalid_argument);
        EXPECT_THROW(h.add("a", value), std::invalid_argument);
    }
    EXPECT_THROW(h.add("a", std::string_view("a\0b", 3)), std::invalid_argument);
    for (std::string_view name : {"", "a b", "a:", "a\r\n", "\xc3\xa4", "a\x7f"}) {
        EXPECT_THROW(h.set(name, "1"), std::invalid_argument);
    }
    EXPECT_TRUE(h.empty());
    h.add("a", "\xc3\xa4\t!");
    try {
        h.set("x-name", "one\r\ntwo");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("x-name"));
        EXPECT_THAT(error.what(), testing::HasSubstr("one\\x0d\\x0atwo"));
    }
}
