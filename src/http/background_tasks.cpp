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
    std::exception_ptr error;
    for (coro<void>& one : all) {
        if (error) {
            one.close();
            continue;
        }
        try {
            co_await std::move(one);
        } catch (const cancelled_error&) {
            error = std::current_exception();
        } catch (...) {
            error = std::current_exception();
            detail::report("a background task failed", error);
        }
    }
    if (error && detail::is_cancellation(error)) {
        std::rethrow_exception(error);
    }
}

}  // namespace rondo::http
