// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/task.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace rondo {

/// The tasks of the running loop as call graphs, each task once, below one that awaits it. From the
/// twentieth level on they are not indented any further.
std::string format_task_tree();

/// Where `task` stands, within which timeouts, what it awaits, and the same of that; a task that
/// awaits itself in the end is marked as an await cycle.
std::string format_call_graph(const any_task& task);
/// The same, to stderr.
void print_call_graph(const any_task& task);

/// "type: what()" of an error.
std::string describe_exception(const std::exception_ptr& error);

namespace detail {

/// Whether RONDO_DEBUG=1 is set, or the running loop is in debug mode.
bool debug_mode() noexcept;
/// "rondo: <message> [<where>]: <the error>" on stderr; without memory, as much of it as there is.
void warn(std::string_view message, const std::exception_ptr& error = nullptr,
          std::string_view where = {}) noexcept;
/// The name of a type as it stands in the source.
std::string type_name(const std::type_info& type);
/// "Task-1 'main' at main.cpp:12".
std::string describe(const task_core& task);
std::vector<std::string> stack_of(const task_core& task);
/// `name` of "rondo::coro<int> ns::name(int, char)".
std::string short_function_name(std::string_view signature);

}  // namespace detail
}  // namespace rondo
