// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/task.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace rondo {

/// The tasks of the running loop, each with the line where it waits, and what it waits for.
std::string format_task_tree();

/// What `task` awaits, and what that awaits, to stderr.
void print_call_graph(const any_task& task);
std::string format_call_graph(const any_task& task);

/// "type: what()" of an error.
std::string describe_exception(const std::exception_ptr& error);

namespace detail {

/// Whether RONDO_DEBUG=1 is set, or the running loop is in debug mode.
bool debug_mode() noexcept;
/// "rondo: warning: ..." on stderr.
void warn(std::string_view line) noexcept;
/// "Task-1 'main' at main.cpp:12".
std::string describe(const task_core& task);
std::vector<std::string> stack_of(const task_core& task);
/// `name` of "rondo::coro<int> ns::name(int, char)".
std::string short_function_name(std::string_view signature);

}  // namespace detail
}  // namespace rondo
