// SPDX-License-Identifier: MIT
// expect-gcc12: destroys a temporary lambda with non-trivial captures twice
#include <rondo/core/task_group.hpp>

#include <string>

rondo::coro<void> careless(rondo::task_group& group, std::string text) {
#ifdef RONDO_GOOD
    auto child = [text](rondo::task_status<> status) -> rondo::coro<void> {
        status.started();
        co_return;
    };
    co_await group.start(child);
#else
    co_await group.start([text](rondo::task_status<> status) -> rondo::coro<void> {
        status.started();
        co_return;
    });
#endif
}
