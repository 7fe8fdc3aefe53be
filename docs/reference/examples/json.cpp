// SPDX-License-Identifier: MIT
#include <rondo/json/json.hpp>
#include <rondo/json/literal.hpp>
#include <rondo/json/partial.hpp>

#include <cstdio>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace json = rondo::json;

// #region types
enum class colour { red, green };

struct item {
    std::string name;
    double price;
    int quantity = 1;                        // has a default, so it may be missing
    std::optional<std::string> description;  // may be missing or null
    std::vector<std::string> tags;
    colour paint = colour::red;

    static void describe(auto& m) {
        m(&item::name).min_length(1).max_length(50);
        m(&item::price).gt(0).description("in euro");
        m(&item::tags).optional().each().pattern("^[a-z]+$");
        m.check([](const item& i) {
            return i.price < 1000 || i.quantity < 10 ? nullptr : "too dear for so many";
        });
    }
};
// #endregion

void round_trip() {
    // #region round
    const auto hat = json::loads<item>(R"({"name": "hat", "price": "9.5", "paint": "green"})");
    std::printf("%s\n", json::dumps(hat).c_str());
    std::printf("%s\n", json::dumps(hat, {.indent = 2, .exclude_defaults = true}).c_str());
    // #endregion
}

void refuse() {
    // #region errors
    const char* text = R"([{"name": "hat", "price": 0, "tags": ["a", "B"]}, {"price": 1}])";
    try {
        json::loads<std::vector<item>>(text);
    } catch (const json::validation_error& e) {
        std::printf("%s\n", e.what());
        for (const auto& error : e.errors()) {
            std::printf("%s %s: %s\n", json::dumps(error.loc).c_str(), error.type.c_str(),
                        error.msg.c_str());
        }
    }
    try {
        json::loads("[1,\n 2 3]");
    } catch (const json::decode_error& e) {
        std::printf("%s\n", e.what());
    }
    // #endregion
}

void without_types() {
    // #region value
    json::value v = json::loads(R"({"user": {"name": "ann", "roles": ["admin"]}})");
    std::printf("%s\n", v["user"]["name"].get<std::string>().c_str());
    v["user"]["roles"].get<json::array>().push_back("owner");
    v["seen"] = json::value{{"at", "2026-11-29T12:30:00Z"}, {"times", 3}};
    std::printf("%s\n", json::dumps(v).c_str());
    const auto roles = v["user"]["roles"].as<std::vector<std::string>>();
    std::printf("%zu roles\n", roles.size());
    // #endregion
}

// #region pets
struct cat {
    json::literal<"cat"> kind;
    int lives = 9;
};
struct dog {
    json::literal<"dog"> kind;
    double bark;
};
using pet = std::variant<cat, dog>;
// #endregion

void choose() {
    // #region choose
    const auto pets = json::loads<std::vector<pet>>(R"([{"kind": "cat"},
                                                        {"kind": "dog", "bark": 2}])");
    std::printf("%s\n", json::dumps(pets).c_str());
    // #endregion
}

void patch() {
    // #region patch
    item stored{"hat", 9.5, 1, {}, {}, colour::red};
    const auto sent = json::loads<json::partial<item>>(R"({"price": 8})");
    sent.apply_to(stored);
    std::printf("%s: %d\n", json::dumps(stored).c_str(), sent.has(&item::name));
    // #endregion
}

int main() {
    round_trip();
    refuse();
    without_types();
    choose();
    patch();
}
