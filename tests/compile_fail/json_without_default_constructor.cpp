// SPDX-License-Identifier: MIT
// expect: T needs a default constructor
#include <rondo/json/json.hpp>

struct metres {
#ifdef RONDO_GOOD
    metres() = default;
#endif
    explicit metres(int n) : count(n) {}
    int count = 0;
    static void describe(auto& m) { m.member("count", &metres::count); }
};

metres read(const std::string& text) { return rondo::json::loads<metres>(text); }
