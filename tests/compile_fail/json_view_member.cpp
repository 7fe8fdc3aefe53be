// SPDX-License-Identifier: MIT
// A view would outlive the text that it was read from.
// expect: rondo knows no JSON for this type (pointers, references, views
#include <rondo/json/json.hpp>

struct item {
#ifdef RONDO_GOOD
    std::string name;
#else
    std::string_view name;
#endif
};

item read(const std::string& text) { return rondo::json::loads<item>(text); }
