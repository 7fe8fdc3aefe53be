// SPDX-License-Identifier: MIT
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>

#include <expectation.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr tour::seconds exact{};

std::vector<std::string> differences(const std::string& expected, const tour::performance& played,
                                     tour::seconds tolerance = exact) {
    return tour::compare(tour::parse_expectation(expected), played, tolerance).differences;
}

TEST(expectation, the_same_lines_match) {
    EXPECT_THAT(differences("a\nb\n", {"a\nb\n", "", {}, 0, 0s}), IsEmpty());
}

TEST(expectation, another_line_is_a_difference) {
    EXPECT_THAT(differences("a\nb\n", {"a\nc\n", "", {}, 0, 0s}),
                ElementsAre("expected: b", "printed:  c"));
}

TEST(expectation, a_missing_line_is_a_difference) {
    EXPECT_THAT(differences("a\nb\n", {"a\n", "", {}, 0, 0s}), ElementsAre("expected: b"));
}

TEST(expectation, a_line_too_many_is_a_difference) {
    EXPECT_THAT(differences("a\n", {"a\nb\n", "", {}, 0, 0s}), ElementsAre("not expected: b"));
    EXPECT_THAT(differences("a\n", {"a\n", "warning\n", {}, 0, 0s}),
                ElementsAre("not expected: warning"));
}

TEST(expectation, the_order_counts) {
    EXPECT_THAT(differences("a\nb\n", {"b\na\n", "", {}, 0, 0s}),
                ElementsAre("expected: a", "printed:  b"));
}

TEST(expectation, any_order_is_for_the_real_clock_only) {
    const std::string expected = "# order: any\na\nb\n";
    EXPECT_THAT(differences(expected, {"b\na\n", "", {}, 0, 0s}, 1s), IsEmpty());
    EXPECT_EQ(differences(expected, {"b\na\n", "", {}, 0, 0s}).size(), 2u);
}

TEST(expectation, the_time_must_be_exact_on_the_virtual_clock) {
    EXPECT_THAT(differences("# took: 5.0\n", {"", "", {}, 0, 5s}), IsEmpty());
    EXPECT_THAT(differences("# took: 5.0\n", {"", "", {}, 0, 5s + 1us}),
                ElementsAre("took 5.000001 s instead of 5 s"));
}

TEST(expectation, on_the_real_clock_a_program_may_be_late_but_not_early) {
    EXPECT_THAT(differences("# took: 5.0\n", {"", "", {}, 0, 5100ms}, 150ms), IsEmpty());
    EXPECT_THAT(differences("# took: 5.0\n", {"", "", {}, 0, 5150ms}, 150ms),
                ElementsAre("took 5.15 s instead of 5 s"));
    EXPECT_THAT(differences("# took: 5.0\n", {"", "", {}, 0, 4999ms}, 150ms),
                ElementsAre("took 4.999 s instead of 5 s"));
}

TEST(expectation, a_time_in_a_line_is_compared_as_a_time) {
    EXPECT_THAT(differences("used: {3.00} s\n", {"used: 3.02 s\n", "", {}, 0, 0s}, 150ms),
                IsEmpty());
    EXPECT_THAT(differences("used: {3.00} s\n", {"used: 3.02 s\n", "", {}, 0, 0s}),
                ElementsAre("expected: used: {3.00} s", "printed:  used: 3.02 s"));
}

TEST(expectation, the_same_name_is_the_same_word_and_another_name_another_one) {
    EXPECT_THAT(differences("id {a}\nid {a}\n", {"id 17\nid 17\n", "", {}, 0, 0s}), IsEmpty());
    EXPECT_EQ(differences("id {a}\nid {a}\n", {"id 17\nid 18\n", "", {}, 0, 0s}).size(), 2u);
    EXPECT_THAT(differences("id {a}\nid {b}\n", {"id 17\nid 18\n", "", {}, 0, 0s}), IsEmpty());
    EXPECT_EQ(differences("id {a}\nid {b}\n", {"id 17\nid 17\n", "", {}, 0, 0s}).size(), 2u);
}

TEST(expectation, a_star_is_anything_and_the_rest_is_literal) {
    EXPECT_THAT(differences("(a+b) at {*}\n", {"(a+b) at 0x7f\n", "", {}, 0, 0s}), IsEmpty());
    EXPECT_EQ(differences("(a+b) at {*}\n", {"aab at 0x7f\n", "", {}, 0, 0s}).size(), 2u);
}

TEST(expectation, lines_for_stderr_are_looked_for_there) {
    const tour::performance played{"a\nb\n", "warning\n", {}, 0, 0s};
    const auto verdict =
        tour::compare(tour::parse_expectation("a\nerr: warning\nb\n"), played, exact);
    EXPECT_THAT(verdict.differences, IsEmpty());
    EXPECT_THAT(verdict.shown, ElementsAre("a", "warning", "b"));
    EXPECT_THAT(differences("a\nb\nwarning\n", played), ElementsAre("expected: warning"));
}

TEST(expectation, a_bad_end_is_a_difference) {
    EXPECT_THAT(differences("a\n", {"a\n", "", {}, 1 << 8, 0s}), ElementsAre("exit status 1"));
    EXPECT_THAT(differences("a\n", {"a\n", "", {}, SIGABRT, 0s}),
                ElementsAre(HasSubstr("killed by signal")));
}

TEST(expectation, a_terminal_must_get_back_what_it_typed) {
    const std::string expected = "# terminal: hello\n# terminal: world\n";
    EXPECT_THAT(differences(expected, {"", "", {"hello", "world"}, 0, 0s}), IsEmpty());
    EXPECT_THAT(differences(expected, {"", "", {"hello"}, 0, 0s}),
                ElementsAre("terminal 2 typed 'world' and got 'nothing'"));
}

TEST(expectation, an_unknown_key_is_refused) {
    EXPECT_THROW(tour::parse_expectation("# tock: 1\n"), std::invalid_argument);
}

}  // namespace
