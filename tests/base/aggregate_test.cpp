// SPDX-License-Identifier: MIT
#include <rondo/base/aggregate.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using ::testing::ElementsAre;

struct point {
    int x = 0;
    int y = 0;
};

struct item {
    std::string name;
    double price;
    int class_ = 1;
    std::optional<std::string> description;
    std::vector<point> corners;
    std::array<int, 3> sides;
    point centre{3, 4};
};

template <class A, class B>
struct two {
    A a;
    B b;
};

struct node {
    int value;
    std::vector<node> children;
};

constexpr auto item_names = rondo::member_names<item>();

TEST(Aggregate, NamesItsMembersInOrderAndDropsALastUnderscore) {
    EXPECT_THAT(item_names,
                ElementsAre("name", "price", "class", "description", "corners", "sides", "centre"));
    static_assert(item_names[2] == "class");
    static_assert(rondo::member_count<item> == 7);
}

TEST(Aggregate, KnowsTheTypesOfItsMembers) {
    static_assert(std::is_same_v<rondo::member_type<item, 0>, std::string>);
    static_assert(std::is_same_v<rondo::member_type<item, 1>, double>);
    static_assert(std::is_same_v<rondo::member_type<item, 5>, std::array<int, 3>>);
}

TEST(Aggregate, GivesReferencesToItsMembers) {
    point p{1, 2};
    rondo::with_members(p, [](int& x, int& y) { std::swap(x, y); });
    EXPECT_EQ(p.x, 2);
    std::map<std::string, int> seen;
    rondo::for_each_member(std::as_const(p), [&](std::string_view name, const int& value) {
        seen.emplace(name, value);
    });
    EXPECT_EQ(seen, (std::map<std::string, int>{{"x", 2}, {"y", 1}}));
}

TEST(Aggregate, MayBeLocalATemplateOrRecursive) {
    struct local {
        int first;
        point second;
    };
    EXPECT_THAT(rondo::member_names<local>(), ElementsAre("first", "second"));
    using wide = two<std::map<std::string, int>, int (*)(int, char)>;
    EXPECT_THAT(rondo::member_names<wide>(), ElementsAre("a", "b"));
    EXPECT_THAT(rondo::member_names<node>(), ElementsAre("value", "children"));
}

TEST(Aggregate, MayHave64Members) {
    struct full {
        two<two<int, int>, int> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7, c0,
            c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3, d4, d5, d6, d7;
        std::string e0, e1, e2, e3, e4, e5, e6, e7, f0, f1, f2, f3, f4, f5, f6, f7, g0, g1, g2, g3,
            g4, g5, g6, g7, h0, h1, h2, h3, h4, h5, h6, h7;
    };
    const auto names = rondo::member_names<full>();
    ASSERT_EQ(names.size(), 64u);
    EXPECT_EQ(names.front(), "a0");
    EXPECT_EQ(names.back(), "h7");
}

TEST(Aggregate, ProjectCopiesMembersOfTheSameName) {
    struct user {
        std::string name;
        std::string password;
        int age;
    };
    struct user_out {
        int age;
        std::string name;
    };
    const auto out = rondo::project<user_out>(user{"ann", "secret", 7});
    EXPECT_EQ(out.name, "ann");
    EXPECT_EQ(out.age, 7);
}

}  // namespace
