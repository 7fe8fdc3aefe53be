// SPDX-License-Identifier: MIT
// expect: rondo knows no JSON for this type (pointers, references, views
#include <rondo/json/json.hpp>

#include <memory>

struct node {
    int value;
#ifdef RONDO_GOOD
    std::unique_ptr<node> next;
#else
    node* next;
#endif
};

std::string write(const node& n) { return rondo::json::dumps(n); }
