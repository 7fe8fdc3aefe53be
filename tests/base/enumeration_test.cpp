// SPDX-License-Identifier: MIT
#include <rondo/base/enumeration.hpp>

#include <array>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::ElementsAre;

namespace shop {

enum class colour { red, green = 5, blue_, last = 63 };
enum class wide : long { small = -7, large = 1'000'000 };
constexpr auto enumerators(wide) {
    return std::array{std::pair("small", wide::small), std::pair("very large", wide::large)};
}
enum plain { one, two };
constexpr auto enumerators(plain) { return std::array{std::pair("two", two)}; }

}  // namespace shop

namespace {

TEST(Enumeration, NamesItsEnumeratorsAndDropsALastUnderscore) {
    EXPECT_THAT(rondo::enumerator_names<shop::colour>(),
                ElementsAre("red", "green", "blue", "last"));
    EXPECT_EQ(rondo::enumerator_name(shop::colour::blue_), "blue");
    EXPECT_EQ(rondo::enumerator_name(static_cast<shop::colour>(1)), "");
    EXPECT_EQ(rondo::enumerator_from_name<shop::colour>("green"), shop::colour::green);
    EXPECT_EQ(rondo::enumerator_from_name<shop::colour>("pink"), std::nullopt);
}

TEST(Enumeration, MayListItselfForOtherValuesAndNames) {
    EXPECT_THAT(rondo::enumerator_names<shop::wide>(), ElementsAre("small", "very large"));
    EXPECT_EQ(rondo::enumerator_name(shop::wide::small), "small");
    EXPECT_EQ(rondo::enumerator_from_name<shop::wide>("very large"), shop::wide::large);
    EXPECT_THAT(rondo::enumerator_names<shop::plain>(), ElementsAre("two"));
}

template <class T>
struct holder {
    enum class inside : unsigned char { a, b };
};

TEST(Enumeration, MayBeLocalOrInsideATemplate) {
    enum class local { x, y };
    EXPECT_THAT(rondo::enumerator_names<local>(), ElementsAre("x", "y"));
    using inside = holder<std::pair<int, void (*)(int, char)>>::inside;
    EXPECT_EQ(rondo::enumerator_name(inside::a), "a");
    EXPECT_THAT(rondo::enumerator_names<inside>(), ElementsAre("a", "b"));
}

}  // namespace
