// SPDX-License-Identifier: MIT
// expect: max_length
// expect: counted
#include <rondo/json/json.hpp>

struct item {
    int price;
    std::string name;
    static void describe(auto& m) {
#ifdef RONDO_GOOD
        m(&item::name).max_length(10);
#else
        m(&item::price).max_length(10);
#endif
    }
};

std::string write(const item& i) { return rondo::json::dumps(i); }
