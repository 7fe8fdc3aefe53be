// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo {

/// Thrown at the await of a task that is being cancelled. It is deliberately no std::exception, so
/// that `catch (const std::exception&)` around an await does not swallow a cancellation; code that
/// catches it to clean up rethrows it.
class cancelled_error final {
public:
    cancelled_error() = default;
    explicit cancelled_error(std::string message) : message_(std::move(message)) {}

    /// What was given to `cancel(message)`; empty when nothing was.
    const std::string& message() const noexcept { return message_; }

private:
    std::string message_;
};

/// A deadline passed: `timeout`, `fail_after`, `wait_for`, `as_completed`.
class timeout_error : public std::runtime_error {
public:
    timeout_error() : std::runtime_error("timed out") {}
    using std::runtime_error::runtime_error;
};

/// A future or task is not in the state that the operation needs.
class invalid_state_error : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// Errors that end the program rather than an operation: no std::exception, never collected into an
/// exception_group, and they leave the loop at once.
class process_exit {
public:
    virtual ~process_exit() = default;

protected:
    process_exit() = default;
    process_exit(const process_exit&) = default;
    process_exit& operator=(const process_exit&) = default;
};

/// `run` throws it when Ctrl-C ended the main coroutine.
class keyboard_interrupt final : public process_exit {};

/// A request to end the process with `code`, from any task or callback.
class system_exit final : public process_exit {
public:
    explicit system_exit(int code = 0) noexcept : code_(code) {}
    int code() const noexcept { return code_; }

private:
    int code_;
};

}  // namespace rondo
