// SPDX-License-Identifier: MIT
// expect: rondo cannot list the members of a class with base classes
#include <rondo/json/json.hpp>

struct named {
    std::string name;
};
struct item : named {
    int price;
#ifdef RONDO_GOOD
    static void describe(auto& m) {
        m.member("name", &item::name);
        m.member("price", &item::price);
    }
#endif
};

std::string write(const item& i) { return rondo::json::dumps(i); }
