// SPDX-License-Identifier: MIT
// GCC before 14 destroys a temporary aggregate in a co_await expression twice.
// expect-gcc12: give what is awaited a name first
#include <rondo/core/coro.hpp>

#include <coroutine>
#include <string>

struct at_once {
    std::string text;
    bool await_ready() const { return true; }
    void await_suspend(std::coroutine_handle<>) const {}
    std::string await_resume() const { return text; }
};

rondo::coro<std::string> careless() {
#ifdef RONDO_GOOD
    const at_once named{"text"};
    co_return co_await named;
#else
    co_return co_await at_once{"text"};
#endif
}
