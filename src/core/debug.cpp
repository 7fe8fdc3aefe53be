// SPDX-License-Identifier: MIT
#include <rondo/base/errors.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/frame.hpp>
#include <rondo/core/loop.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <typeinfo>

#include <cxxabi.h>

namespace rondo {

namespace detail {

bool debug_mode() noexcept {
    static const bool from_environment = [] {
        const char* value = std::getenv("RONDO_DEBUG");
        return value != nullptr && *value != '\0' && std::string_view(value) != "0";
    }();
    return from_environment || (exec.loop != nullptr && exec.loop->get_debug());
}

void warn(std::string_view line) noexcept {
    std::fprintf(stderr, "rondo: %.*s\n", static_cast<int>(line.size()), line.data());
}

void warn(const exception_context& what) noexcept {
    std::string line = what.message;
    if (!what.where.empty()) {
        line += " [" + what.where + "]";
    }
    if (what.exception) {
        line += ": " + describe_exception(what.exception);
    }
    warn(line);
}

std::string type_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return status == 0 ? name.get() : type.name();
}

std::string short_function_name(std::string_view signature) {
    // Compilers write "coro<T> outer(args)::<lambda(args)>" and the like: the name ends before the
    // last parameter list, and starts after the last space or colon outside of angle brackets.
    signature = signature.substr(0, signature.find(" [with"));
    if (signature.find("<lambda") != signature.npos ||
        signature.find("(anonymous class)") != signature.npos) {
        return "<lambda>";
    }
    auto end = signature.find('(');
    while (end != signature.npos && signature.substr(end).starts_with("(anonymous namespace)")) {
        end = signature.find('(', end + 1);
    }
    end = std::min(end, signature.size());
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < end; ++i) {
        depth += signature[i] == '<' ? 1 : signature[i] == '>' ? -1 : 0;
        if (depth == 0 && (signature[i] == ' ' || signature[i] == ':' || signature[i] == '*')) {
            begin = i + 1;
        }
    }
    return std::string(signature.substr(begin, end - begin));
}

namespace {

std::string_view file_of(const std::source_location& where) {
    const std::string_view path = where.file_name();
    return path.substr(path.rfind('/') + 1);
}

std::string place(const frame_base& frame) {
    return short_function_name(frame.defined().function_name()) + " (" +
           std::string(file_of(frame.defined())) + ":" + std::to_string(frame.line()) + ")";
}

void append_graph(std::string& out, const task_core& task, int depth,
                  std::vector<const task_core*>& seen) {
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    out += indent + describe(task);
    if (std::find(seen.begin(), seen.end(), &task) != seen.end()) {
        out += "  <- await cycle\n";
        return;
    }
    out += "\n";
    seen.push_back(&task);
    for (const std::string& line : stack_of(task)) {
        out += indent + "  in " + line + "\n";
    }
    if (const waiter* at = task.blocked_on()) {
        std::vector<const future_core*> awaited;
        at->awaited(awaited);
        out += indent + "  awaits " + at->operation() + "\n";
        for (const future_core* core : awaited) {
            if (core->is_task() && !core->done()) {
                append_graph(out, static_cast<const task_core&>(*core), depth + 2, seen);
            }
        }
    }
    seen.pop_back();
}

const char* phase_name(task_phase phase) {
    switch (phase) {
        case task_phase::ready:
            return "ready";
        case task_phase::running:
            return "running";
        case task_phase::blocked:
            return "waiting";
        case task_phase::done:
            return "done";
    }
    return "?";
}

}  // namespace

void never_awaited(const frame_base& frame) noexcept {
    if (debug_mode()) {
        warn("coroutine '" + short_function_name(frame.defined().function_name()) +
             "' was never awaited (" + std::string(file_of(frame.defined())) + ":" +
             std::to_string(frame.defined().line()) + ")");
    }
}

std::vector<std::string> stack_of(const task_core& task) {
    std::vector<std::string> lines;
    if (task.stands_at() == nullptr || task.phase() == task_phase::done) {
        return lines;
    }
    const frame_base* frame =
        task.phase() == task_phase::running ? exec.frame : task.stands_at()->of_frame;
    for (; frame != nullptr; frame = frame->parent) {
        lines.push_back(place(*frame));
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

std::string describe(const task_core& task) {
    std::string text = task.name() + " " + phase_name(task.phase());
    const auto stack = stack_of(task);
    if (!stack.empty()) {
        text += " in " + stack.back();
    }
    if (const task_details* details = task.details_if_any();
        details != nullptr && details->created_at.line() != 0) {
        text += ", created at " + std::string(file_of(details->created_at)) + ":" +
                std::to_string(details->created_at.line());
    }
    return text;
}

}  // namespace detail

std::string format_call_graph(const any_task& task) {
    std::string out;
    std::vector<const detail::task_core*> seen;
    detail::append_graph(out, task.core(), 0, seen);
    return out;
}

void print_call_graph(const any_task& task) { std::fputs(format_call_graph(task).c_str(), stderr); }

std::string format_task_tree() {
    const auto tasks = all_tasks();
    std::string out = std::to_string(tasks.size()) + " task(s)\n";
    for (const any_task& task : tasks) {
        out += format_call_graph(task);
    }
    return out;
}

std::string describe_exception(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        return detail::type_name(typeid(e)) + ": " + e.what();
    } catch (const cancelled_error& e) {
        return "rondo::cancelled_error: " + e.message();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

}  // namespace rondo
