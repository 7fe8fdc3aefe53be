// SPDX-License-Identifier: MIT
#include "http/app_core.hpp"
#include <rondo/core/errors.hpp>
#include <rondo/http/background_tasks.hpp>

#include <exception>

namespace rondo::http {

background_tasks::~background_tasks() {
    for (coro<void>& task : tasks_) {
        task.close();
    }
}

coro<void> background_tasks::run_all() {
    std::vector<coro<void>> all = std::exchange(tasks_, {});
    std::exception_ptr cancelled;
    bool go_on = true;
    for (coro<void>& one : all) {
        if (!go_on) {
            one.close();
            continue;
        }
        try {
            co_await std::move(one);
        } catch (const cancelled_error&) {
            go_on = false;
            cancelled = std::current_exception();
        } catch (...) {
            go_on = false;
            detail::report("a background task failed", std::current_exception());
        }
    }
    if (cancelled) {
        std::rethrow_exception(cancelled);
    }
}

}  // namespace rondo::http
