// SPDX-License-Identifier: MIT
#include <rondo/base/detail/object_table.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using rondo::detail::object_shape;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

template <class T>
const object_shape& shape() {
    return rondo::detail::shape_of(rondo::detail::type_of<T>);
}

template <class T>
std::vector<std::string> required() {
    std::vector<std::string> names;
    for (const auto& field : shape<T>().fields) {
        if (field.required) {
            names.push_back(field.name);
        }
    }
    return names;
}

template <class T>
std::string contradiction() {
    try {
        shape<T>();
        return "none";
    } catch (const std::logic_error& e) {
        return e.what();
    }
}

enum class colour { red, green };
struct point {
    int x, y;
};

struct everything {
    int required_int;
    int zero = 0;
    bool required_bool;
    bool no = false;
    double required_double;
    double nought = 0.0;
    colour required_colour;
    colour red = colour::red;
    std::chrono::seconds required_seconds;
    std::chrono::seconds no_seconds{0};
    std::string required_text;
    std::string text = "x";
    std::vector<int> required_list;
    std::vector<int> list{1};
    std::map<std::string, int> required_map;
    std::map<std::string, int> map{{"a", 1}};
    std::optional<int> optional;
    std::unique_ptr<int> required_pointer;
    point required_point;
    point origin{0, 0};
    char unsigned byte = 0xA5;
};

// What is required is what has no initialiser; a byte that happens to be the paint is none.
TEST(Describe, SeesWhichMembersHaveAnInitialiser) {
    EXPECT_THAT(required<everything>(),
                ElementsAre("required_int", "required_bool", "required_double", "required_colour",
                            "required_seconds", "required_text", "required_list", "required_map",
                            "required_pointer", "required_point"));
}

struct renamed {
    int first_name;
    int last_name;
    int id;
    static void describe(auto& m) {
        m.rename(rondo::camel_case);
        m(&renamed::id).alias("ID").optional();
    }
};

TEST(Describe, GivesOtherNamesAndOverrulesWhatIsRequired) {
    EXPECT_EQ(shape<renamed>().fields[0].name, "firstName");
    EXPECT_EQ(shape<renamed>().fields[2].name, "ID");
    EXPECT_THAT(required<renamed>(), ElementsAre("firstName", "lastName"));
    EXPECT_EQ(rondo::pascal_case("created_at"), "CreatedAt");
    EXPECT_EQ(rondo::kebab_case("created_at"), "created-at");
}

class hidden {
public:
    hidden() = default;
    static void describe(auto& m) { m.member("secret", &hidden::value_).ge(0); }

private:
    int value_ = 0;
};

struct base {
    int id = 0;
};
struct derived : base {
    int extra = 0;
    static void describe(auto& m) {
        m.member("id", &derived::id);
        m.member("more", &derived::extra);
    }
};

TEST(Describe, NamesPrivateMembersAndThoseOfBasesByHand) {
    EXPECT_EQ(shape<hidden>().fields.at(0).name, "secret");
    EXPECT_EQ(shape<derived>().fields.size(), 2u);
}

}  // namespace

namespace theirs {
struct vec {
    float x = 0, y = 0;
};
void describe(rondo::model<vec>& m) { m(&vec::y).alias("why"); }
}  // namespace theirs

namespace {

TEST(Describe, OfSomebodyElsesTypeStandsInTheirNamespace) {
    EXPECT_EQ(shape<theirs::vec>().fields[1].name, "why");
}

struct twice {
    int a, b;
    static void describe(auto& m) { m(&twice::a).alias("b"); }
};
struct both {
    int a;
    static void describe(auto& m) { m(&both::a).required().optional(); }
};
struct nothing_fits {
    std::string a;
    static void describe(auto& m) { m(&nothing_fits::a).min_length(3).max_length(2); }
};
struct crossed {
    int a;
    static void describe(auto& m) { m(&crossed::a).gt(5).lt(3); }
};
struct touching {
    double a;
    static void describe(auto& m) { m(&touching::a).gt(0.5).le(0.5); }
};
struct one_value {
    double a;
    static void describe(auto& m) { m(&one_value::a).ge(0.5).le(0.5); }
};
class nameless {
public:
    static void describe(auto&) {}
    int value() const { return value_; }

private:
    int value_ = 0;
};

TEST(Describe, MayNotContradictItself) {
    EXPECT_EQ(contradiction<twice>(), "twice.b: two members have this name");
    EXPECT_EQ(contradiction<both>(), "both.a: it is both required() and optional()");
    EXPECT_EQ(contradiction<nothing_fits>(), "nothing_fits.a: no value meets its bounds");
    EXPECT_EQ(contradiction<crossed>(), "crossed.a: no value meets its bounds");
    EXPECT_EQ(contradiction<touching>(), "touching.a: no value meets its bounds");
    EXPECT_EQ(contradiction<one_value>(), "none");
    EXPECT_THAT(contradiction<nameless>(), HasSubstr("names no members"));
    EXPECT_EQ(contradiction<twice>(), "twice.b: two members have this name") << "each time";
}

struct shared {
    int a = 1;
    std::string b;
};

TEST(Describe, RunsOnceWhicheverThreadComesFirst) {
    std::vector<const object_shape*> seen(4);
    std::vector<std::thread> threads;
    for (auto& one : seen) {
        threads.emplace_back([&one] { one = &shape<shared>(); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_THAT(seen, testing::Each(&shape<shared>()));
}

}  // namespace
