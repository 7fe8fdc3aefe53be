// SPDX-License-Identifier: MIT
// expect: rondo cannot list the members of a class with a C array: take std::array
#include <rondo/json/json.hpp>

#include <array>

struct board {
    int id;
#ifdef RONDO_GOOD
    std::array<int, 3> cells;
#else
    int cells[3];
#endif
};

std::string write(const board& b) { return rondo::json::dumps(b); }
