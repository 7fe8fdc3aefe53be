// SPDX-License-Identifier: MIT
#include <rondo/core/errors.hpp>
#include <rondo/threads/from_thread.hpp>

#include <stdexcept>
#include <string>

namespace rondo::from_thread {

rondo::detail::thread_job& detail::host_job(const char* operation) {
    if (auto* job = rondo::detail::thread_job::running()) {
        return *job;
    }
    throw std::runtime_error(std::string(operation) +
                             " is for functions that to_thread or run_in_executor runs");
}

void check_cancelled() {
    if (detail::host_job("from_thread::check_cancelled").stop_requested()) {
        throw cancelled_error();
    }
}

}  // namespace rondo::from_thread
