// SPDX-License-Identifier: MIT
// expect: project: the source has no member of this name
#include <rondo/base/aggregate.hpp>

struct user {
    int id;
    int age;
};
struct user_out {
    int id;
#ifdef RONDO_GOOD
    int age;
#else
    int size;
#endif
};

user_out show(const user& u) { return rondo::project<user_out>(u); }
