// SPDX-License-Identifier: MIT
#include <rondo/core/async_generator.hpp>
#include <rondo/core/event_loop.hpp>

#include <stdexcept>
#include <string>
#include <typeinfo>

namespace rondo::detail {

void async_generator_core::track() {
    if (exec.loop != nullptr && !linked()) {
        loop_ = exec.loop;
        loop_->track(*this);
    }
}

void async_generator_core::untrack() noexcept {
    if (linked()) {
        loop_->untrack(*this);
    }
}

bool is_generator_exit(const std::exception_ptr& error) noexcept {
    return error && *error.__cxa_exception_type() == typeid(generator_exit);
}

void throw_async_generator_running(const char* operation) {
    throw std::runtime_error(std::string(operation) +
                             "(): asynchronous generator is already running");
}

void throw_generator_exit_ignored() {
    throw std::runtime_error(
        "async generator ignored generator_exit: it yielded again while it "
        "was being closed");
}

}  // namespace rondo::detail
