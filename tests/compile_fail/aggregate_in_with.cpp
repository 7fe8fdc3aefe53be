// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: give the manager a name first
#include <rondo/core/with.hpp>

#include <exception>
#include <string>

struct room {
    std::string name;
    rondo::coro<void> aenter() { co_return; }
    rondo::coro<bool> aexit(std::exception_ptr) { co_return false; }
};

rondo::coro<void> careless() {
    auto body = []() -> rondo::coro<void> { co_return; };
#ifdef RONDO_GOOD
    room hall{"hall"};
    co_await rondo::with(hall, body);
#else
    co_await rondo::with(room{"hall"}, body);
#endif
}
