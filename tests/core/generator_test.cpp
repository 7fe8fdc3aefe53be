// SPDX-License-Identifier: MIT
#include <rondo/core/generator.hpp>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using rondo::elements_of;
using rondo::generator;
using testing::ElementsAre;
using testing::ThrowsMessage;
using trace = std::vector<std::string>;

const std::string long_text = "a text that is too long for the small buffer of a string";

struct says_goodbye {
    trace& to;
    ~says_goodbye() { to.push_back("destroyed"); }
};

generator<int> count(int n) {
    for (int i = 0; i < n; ++i) {
        co_yield i;
    }
}

TEST(generator, gives_its_values_one_by_one_and_then_nullopt_for_ever) {
    auto g = count(2);
    EXPECT_EQ(g.next(), 0);
    EXPECT_EQ(g.next(), 1);
    EXPECT_FALSE(g.done());
    EXPECT_EQ(g.next(), std::nullopt);
    EXPECT_TRUE(g.done());
    EXPECT_EQ(g.next(), std::nullopt);
}

TEST(generator, is_a_range) {
    std::vector<int> got;
    for (int i : count(3)) {
        got.push_back(i);
    }
    EXPECT_THAT(got, ElementsAre(0, 1, 2));
    for (int i : count(0)) {
        ADD_FAILURE() << i;
    }
}

TEST(generator, a_range_goes_on_after_what_was_taken) {
    auto g = count(4);
    EXPECT_EQ(g.next(), 0);
    std::vector<int> got;
    for (int i : g) {
        got.push_back(i);
    }
    EXPECT_THAT(got, ElementsAre(1, 2, 3));
}

generator<std::unique_ptr<std::string>> owned_texts() {
    co_yield std::make_unique<std::string>(long_text);
    auto named = std::make_unique<std::string>("named");
    co_yield std::move(named);
}

TEST(generator, values_may_be_move_only) {
    auto g = owned_texts();
    auto first = g.next();
    EXPECT_EQ(**first, long_text);
    std::vector<std::unique_ptr<std::string>> rest;
    for (auto& text : g) {
        rest.push_back(std::move(text));
    }
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(*rest[0], "named");
}

generator<std::string> converted() {
    const std::string named = long_text;
    co_yield named;
    co_yield "a literal";
    co_yield named + "!";
}

TEST(generator, yields_what_converts_to_its_type) {
    std::vector<std::string> got;
    for (const std::string& text : converted()) {
        got.push_back(text);
    }
    EXPECT_THAT(got, ElementsAre(long_text, "a literal", long_text + "!"));
}

generator<std::string, std::string, int> conversation(trace& heard) {
    heard.push_back(co_yield "hello");
    heard.push_back(co_yield "how are you?");
    co_return 7;
}

TEST(generator, send_makes_co_yield_give_the_value) {
    trace heard;
    auto g = conversation(heard);
    EXPECT_EQ(g.next(), "hello");
    EXPECT_EQ(g.send("hi"), "how are you?");
    EXPECT_THROW(g.result(), rondo::invalid_state_error);
    EXPECT_EQ(g.send(long_text), std::nullopt);
    EXPECT_THAT(heard, ElementsAre("hi", long_text));
    EXPECT_EQ(g.result(), 7);
    EXPECT_EQ(g.send("anybody?"), std::nullopt);
}

TEST(generator, next_sends_a_default_value) {
    trace heard;
    auto g = conversation(heard);
    EXPECT_EQ(g.next(), "hello");
    EXPECT_EQ(g.next(), "how are you?");
    EXPECT_THAT(heard, ElementsAre(""));
}

TEST(generator, send_before_the_first_yield_is_refused_and_does_no_harm) {
    trace heard;
    auto g = conversation(heard);
    EXPECT_THAT([&] { g.send("too early"); },
                ThrowsMessage<std::runtime_error>(
                    testing::HasSubstr("can't send a value to a just-started generator")));
    EXPECT_EQ(g.next(), "hello");
}

struct ticket {
    explicit ticket(int n) : number(n) {}
    int number;
};
generator<int, ticket> numbers_of_tickets() {
    const ticket first = co_yield 0;
    co_yield first.number;
}

TEST(generator, next_is_refused_where_a_value_without_default_is_waited_for) {
    auto g = numbers_of_tickets();
    EXPECT_EQ(g.next(), 0);
    EXPECT_THROW(g.next(), std::runtime_error);
    EXPECT_EQ(g.send(ticket(5)), 5);
}

generator<int> answers_errors(trace& said) {
    const says_goodbye at_end{said};
    int next = 0;
    while (true) {
        bool again = false;
        try {
            co_yield next;
        } catch (const std::runtime_error& e) {
            said.push_back(e.what());
            again = true;
        }
        next = again ? -1 : next + 1;
    }
}

TEST(generator, throw_makes_co_yield_throw_and_gives_what_is_yielded_next) {
    trace said;
    auto g = answers_errors(said);
    EXPECT_EQ(g.next(), 0);
    EXPECT_EQ(g.throw_(std::runtime_error("oops")), -1);
    EXPECT_THAT(said, ElementsAre("oops"));
    EXPECT_EQ(g.next(), 0);
    EXPECT_THROW(g.throw_(std::out_of_range("not caught")), std::out_of_range);
    EXPECT_THAT(said, ElementsAre("oops", "destroyed"));
    EXPECT_EQ(g.next(), std::nullopt);
}

TEST(generator, throw_before_the_start_closes_it_and_after_the_end_throws_too) {
    trace said;
    auto g = answers_errors(said);
    EXPECT_THROW(g.throw_(std::runtime_error("first")), std::runtime_error);
    EXPECT_TRUE(g.done());
    EXPECT_THROW(g.throw_(std::runtime_error("second")), std::runtime_error);
    EXPECT_TRUE(said.empty());
}

TEST(generator, close_runs_destructors_and_no_handlers) {
    trace said;
    auto g = answers_errors(said);
    EXPECT_EQ(g.next(), 0);
    g.close();
    EXPECT_THAT(said, ElementsAre("destroyed"));
    EXPECT_TRUE(g.done());
    EXPECT_EQ(g.next(), std::nullopt);
    g.close();
}

TEST(generator, dropping_it_closes_it) {
    trace said;
    {
        auto g = answers_errors(said);
        EXPECT_EQ(g.next(), 0);
    }
    EXPECT_THAT(said, ElementsAre("destroyed"));
}

generator<int> calls_itself(generator<int>*& self) {
    co_yield 1;
    co_yield *self->next();
}

TEST(generator, cannot_be_advanced_from_within_itself) {
    generator<int>* self = nullptr;
    auto g = calls_itself(self);
    self = &g;
    EXPECT_EQ(g.next(), 1);
    EXPECT_THAT([&] { g.next(); },
                ThrowsMessage<std::runtime_error>("generator already executing"));
}

TEST(generator, can_be_moved_while_it_is_suspended) {
    auto a = count(3);
    EXPECT_EQ(a.next(), 0);
    generator<int> b = std::move(a);
    EXPECT_EQ(a.next(), std::nullopt);
    EXPECT_EQ(b.next(), 1);
    a = std::move(b);
    EXPECT_EQ(a.next(), 2);
}

// ---- delegation

generator<int, int, std::string> sub(trace& said) {
    const says_goodbye at_end{said};
    int sent = co_yield 1;
    said.push_back("sub got " + std::to_string(sent));
    try {
        sent = co_yield 2;
    } catch (const std::runtime_error& e) {
        said.push_back(std::string("sub caught ") + e.what());
    }
    co_return long_text;
}

generator<int, int, int> delegates(trace& said) {
    co_yield 0;
    const std::string result = co_yield elements_of(sub(said));
    said.push_back(result == long_text ? "result" : "no result");
    const int sent = co_yield 3;
    co_return sent;
}

TEST(generator, send_reaches_the_innermost_and_its_result_is_what_delegation_gives) {
    trace said;
    auto g = delegates(said);
    EXPECT_EQ(g.next(), 0);
    EXPECT_EQ(g.next(), 1);
    EXPECT_EQ(g.send(5), 2);
    EXPECT_EQ(g.next(), 3);
    EXPECT_EQ(g.send(9), std::nullopt);
    EXPECT_EQ(g.result(), 9);
    EXPECT_THAT(said, ElementsAre("sub got 5", "destroyed", "result"));
}

TEST(generator, throw_reaches_the_innermost) {
    trace said;
    auto g = delegates(said);
    g.next();
    g.next();
    g.send(1);
    EXPECT_EQ(g.throw_(std::runtime_error("oops")), 3);
    EXPECT_THAT(said, ElementsAre("sub got 1", "sub caught oops", "destroyed", "result"));
}

TEST(generator, what_escapes_from_the_sub_generator_is_thrown_where_it_was_delegated_to) {
    auto fails = []() -> generator<int> {
        co_yield 1;
        throw std::runtime_error("sub failed");
    };
    auto outer = [&]() -> generator<int> {
        try {
            co_yield elements_of(fails());
        } catch (const std::runtime_error&) {
        }
        co_yield 2;
    };
    auto g = outer();
    EXPECT_EQ(g.next(), 1);
    EXPECT_EQ(g.next(), 2);
    EXPECT_EQ(g.next(), std::nullopt);
}

TEST(generator, closing_the_outermost_closes_all) {
    trace said;
    auto g = delegates(said);
    g.next();
    g.next();
    g.close();
    EXPECT_THAT(said, ElementsAre("destroyed"));
}

generator<int> borrow(generator<int>& from) {
    co_yield 100;
    co_yield elements_of(from);
}

TEST(generator, a_named_sub_generator_may_be_started_before_and_go_on_afterwards) {
    auto named = count(5);
    EXPECT_EQ(named.next(), 0);
    {
        auto g = borrow(named);
        EXPECT_EQ(g.next(), 100);
        EXPECT_EQ(g.next(), 1);
        EXPECT_EQ(g.next(), 2);
        EXPECT_THROW(named.next(), std::runtime_error);
        EXPECT_THROW(named.close(), std::runtime_error);
    }
    EXPECT_EQ(named.next(), 3);
    EXPECT_EQ(named.next(), 4);
    EXPECT_EQ(named.next(), std::nullopt);
    auto late = borrow(named);
    EXPECT_EQ(late.next(), 100);
    EXPECT_EQ(late.next(), std::nullopt);
}

generator<int> nested(int depth) {
    if (depth > 0) {
        co_yield elements_of(nested(depth - 1));
    }
    co_yield depth;
}

TEST(generator, a_chain_that_is_being_advanced_can_be_delegated_to) {
    auto inner = nested(3);
    EXPECT_EQ(inner.next(), 0);
    EXPECT_EQ(inner.next(), 1);
    {
        auto g = borrow(inner);
        EXPECT_EQ(g.next(), 100);
        EXPECT_EQ(g.next(), 2);
    }
    EXPECT_EQ(inner.next(), 3);
    EXPECT_EQ(inner.next(), std::nullopt);
}

TEST(generator, delegation_is_flat_however_deep) {
    auto g = nested(10'000);
    int expected = 0;
    for (int depth : g) {
        ASSERT_EQ(depth, expected++);
    }
    EXPECT_EQ(expected, 10'001);
}

generator<std::string> texts_of(const std::array<std::string, 2>& named) {
    co_yield elements_of(named);
    co_yield elements_of(std::vector<std::string>(2, long_text));
}

TEST(generator, any_range_can_be_delegated_to) {
    const std::array<std::string, 2> named{"a", "b"};
    std::vector<std::string> got;
    for (auto& text : texts_of(named)) {
        got.push_back(std::move(text));
    }
    EXPECT_THAT(got, ElementsAre("a", "b", long_text, long_text));
    EXPECT_EQ(named[0], "a");
}

}  // namespace
