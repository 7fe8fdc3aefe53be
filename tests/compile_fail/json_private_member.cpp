// SPDX-License-Identifier: MIT
// expect: rondo knows no JSON for this type
#include <rondo/json/json.hpp>

class item {
public:
    int price() const { return price_; }
#ifdef RONDO_GOOD
    static void describe(auto& m) { m.member("price", &item::price_); }
#endif

private:
    int price_ = 0;
};

std::string write(const item& i) { return rondo::json::dumps(i); }
