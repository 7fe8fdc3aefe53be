// SPDX-License-Identifier: MIT
#include <rondo/base/errors.hpp>
#include <rondo/core/debug.hpp>
#include <rondo/core/frame_header.hpp>
#include <rondo/core/loop.hpp>
#include <rondo/core/scope_core.hpp>

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
    return from_environment || (exec.loop != nullptr && exec.loop->debug());
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

std::string place(const frame_header& frame) {
    return short_function_name(frame.defined().function_name()) + " (" +
           std::string(file_of(frame.defined())) + ":" + std::to_string(frame.line()) + ")";
}

/// Whether a coroutine is a part of rondo that only carries out what another one has asked for.
bool is_internal(const frame_header& frame) {
    const std::string_view signature = frame.defined().function_name();
    return signature.find("rondo::detail::") < signature.find('(');
}

const char* phase_name(task_phase phase) {
    switch (phase) {
        case task_phase::created:
        case task_phase::ready:
        case task_phase::ready_to_try:
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

void never_awaited(const frame_header& frame) noexcept {
    if (debug_mode()) {
        warn("coroutine '" + short_function_name(frame.defined().function_name()) +
             "' was never awaited (" + std::string(file_of(frame.defined())) + ":" +
             std::to_string(frame.defined().line()) + ")");
    }
}

std::vector<std::string> stack_of(const task_core& task) {
    std::vector<std::string> lines;
    const frame_header* outermost = &task.frame();
    for (const frame_header* frame = task.stands_in(); frame != nullptr;
         frame = frame != outermost ? frame->parent : nullptr) {
        if (!is_internal(*frame)) {
            lines.push_back(place(*frame));
        }
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

namespace {

std::string creation_of(const task_core& task) {
    const task_details* details = task.details_if_any();
    if (details == nullptr || details->created_at.line() == 0) {
        return {};
    }
    return ", created at " + std::string(file_of(details->created_at)) + ":" +
           std::to_string(details->created_at.line());
}

std::string seconds_until(time_point when, loop_core& loop) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f s",
                  std::chrono::duration<double>(when - loop.engine().now()).count());
    return text;
}

/// What a scope means for what runs inside; empty when it means nothing at the moment.
std::string effect_of(const scope_core& scope, loop_core& loop) {
    std::string effect;
    if (scope.cancel_called()) {
        effect += ", cancelled: " + scope.reason();
    } else if (scope.deadline() != time_point::max()) {
        effect += ", due in " + seconds_until(scope.deadline(), loop);
    }
    return effect + (scope.shield() ? ", shielded" : "");
}

/// Writes tasks and what they await, each task once, with what it awaits indented below it.
class graph_writer {
public:
    void write(const task_core& task, int depth) {
        const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
        text_ += indent + task.name() + " " + phase_name(task.phase()) + creation_of(task);
        if (contains(path_, task)) {
            text_ += "  <- await cycle\n";
            return;
        }
        if (contains(shown_, task)) {
            text_ += "  <- see above\n";
            return;
        }
        text_ += "\n";
        shown_.push_back(&task);
        path_.push_back(&task);
        write_details(task, indent + "  ", depth + 1);
        path_.pop_back();
    }
    bool has_shown(const task_core& task) const { return contains(shown_, task); }
    std::string take() { return std::move(text_); }

private:
    using tasks = std::vector<const task_core*>;

    static bool contains(const tasks& list, const task_core& task) {
        return std::find(list.begin(), list.end(), &task) != list.end();
    }

    void write_details(const task_core& task, const std::string& indent, int depth) {
        for (const std::string& line : stack_of(task)) {
            text_ += indent + "in " + line + "\n";
        }
        for (const scope_core* s = task.scope(); s != nullptr && s->host() == &task;
             s = s->parent()) {
            const std::string effect = effect_of(*s, *task.loop());
            if (!effect.empty()) {
                text_ += indent + "inside " + s->operation() + effect + "\n";
            }
        }
        if (const waiter* at = task.blocked_on()) {
            text_ += indent + "awaits " + at->operation() + "\n";
            write_awaited(*at, depth + 1);
        }
    }

    void write_awaited(const waiter& at, int depth) {
        std::vector<const future_core*> awaited;
        at.awaited(awaited);
        for (const future_core* core : awaited) {
            if (core->done()) {
                continue;
            }
            if (core->is_task()) {
                write(static_cast<const task_core&>(*core), depth);
            } else {
                text_.append(static_cast<std::size_t>(depth) * 2, ' ').append("a future\n");
            }
        }
    }

    std::string text_;
    tasks path_;
    tasks shown_;
};

/// Those of `all` that no other one awaits.
std::vector<const task_core*> roots_of(const std::vector<any_task>& all) {
    std::vector<const future_core*> awaited;
    for (const any_task& task : all) {
        if (const waiter* at = task.core().blocked_on()) {
            at->awaited(awaited);
        }
    }
    std::sort(awaited.begin(), awaited.end());
    std::vector<const task_core*> roots;
    for (const any_task& task : all) {
        if (!std::binary_search(awaited.begin(), awaited.end(), &task.core())) {
            roots.push_back(&task.core());
        }
    }
    return roots;
}

}  // namespace

std::string describe(const task_core& task) {
    std::string text = task.name() + " " + phase_name(task.phase());
    const auto stack = stack_of(task);
    if (!stack.empty()) {
        text += " in " + stack.back();
    }
    return text + creation_of(task);
}

}  // namespace detail

std::string format_call_graph(const any_task& task) {
    detail::graph_writer graph;
    graph.write(task.core(), 0);
    return graph.take();
}

void print_call_graph(const any_task& task) { std::fputs(format_call_graph(task).c_str(), stderr); }

std::string format_task_tree() {
    const auto tasks = all_tasks();
    detail::graph_writer graph;
    for (const detail::task_core* root : detail::roots_of(tasks)) {
        graph.write(*root, 0);
    }
    for (const any_task& task : tasks) {  // tasks that await each other have no root
        if (!graph.has_shown(task.core())) {
            graph.write(task.core(), 0);
        }
    }
    return std::to_string(tasks.size()) + " task(s)\n" + graph.take();
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
