// SPDX-License-Identifier: MIT
// expect: check takes a lambda without captures
#include <rondo/json/json.hpp>

struct item {
    int price;
    static void describe(auto& m) {
#ifdef RONDO_GOOD
        m(&item::price).check([](int p) { return p < 9 ? nullptr : "too dear"; });
#else
        const int most = 9;
        m(&item::price).check([&most](int p) { return p < most ? nullptr : "too dear"; });
#endif
    }
};

std::string write(const item& i) { return rondo::json::dumps(i); }
