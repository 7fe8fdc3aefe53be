// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: give the argument a name
#include <rondo/core/exit_stack.hpp>

#include <string>

struct job {
    std::string what;
    int count;
};

void undo(const job&) {}

rondo::coro<void> careless() {
#ifdef RONDO_GOOD
    const job named{"wash", 3};
    co_await rondo::defer(&undo, named);
#else
    co_await rondo::defer(&undo, job{"wash", 3});
#endif
}
