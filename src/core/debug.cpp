// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/detail/frame_header.hpp>
#include <rondo/core/detail/scope_core.hpp>
#include <rondo/core/errors.hpp>
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <typeinfo>
#include <unordered_map>

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

void warn(std::string_view message, const std::exception_ptr& error,
          std::string_view where) noexcept {
    std::string described;
    try {
        if (error) {
            described = ": " + describe_exception(error);
        }
    } catch (const std::bad_alloc&) {
        described = ": an error";  // short, so that it needs no memory
    }
    const char* const opening = where.empty() ? "" : " [";
    const char* const closing = where.empty() ? "" : "]";
    std::fprintf(stderr, "rondo: %.*s%s%.*s%s%s\n", static_cast<int>(message.size()),
                 message.data(), opening, static_cast<int>(where.size()), where.data(), closing,
                 described.c_str());
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
    if (!debug_mode()) {
        return;
    }
    try {
        warn("coroutine '" + short_function_name(frame.defined().function_name()) +
             "' was never awaited (" + std::string(file_of(frame.defined())) + ":" +
             std::to_string(frame.defined().line()) + ")");
    } catch (const std::bad_alloc&) {
        warn("a coroutine was never awaited", nullptr, frame.defined().function_name());
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

/// Writes tasks and what they await, each task once, with what it awaits indented below it. What
/// awaits what may go as deep as there is memory.
class graph_writer {
public:
    void write(const task_core& root) {
        left_.push_back({&root, 0, false});
        while (!left_.empty()) {
            const entry at = left_.back();
            left_.pop_back();
            if (!at.of->is_task()) {
                line(at.depth, "a future");
                continue;
            }
            const auto& task = static_cast<const task_core&>(*at.of);
            if (at.is_end) {
                shown_[&task] = whereabouts::above;
            } else {
                write_task(task, at.depth);
            }
        }
    }
    bool has_shown(const task_core& task) const { return shown_.contains(&task); }
    std::string take() { return std::move(text_); }

private:
    enum class whereabouts : std::uint8_t { on_the_path, above };
    struct entry {
        const future_core* of;
        std::size_t depth;
        bool is_end;  // of what it awaits
    };
    static constexpr std::size_t most_levels = 20;  // the rest is not indented any further

    void line(std::size_t depth, std::string_view text) {
        text_.append(2 * std::min(depth, most_levels), ' ').append(text) += '\n';
    }

    void write_task(const task_core& task, std::size_t depth) {
        const std::string head = task.name() + " " + phase_name(task.phase()) + creation_of(task);
        const auto [shown, is_new] = shown_.try_emplace(&task, whereabouts::on_the_path);
        if (!is_new) {
            const bool is_cycle = shown->second == whereabouts::on_the_path;
            line(depth, head + (is_cycle ? "  <- await cycle" : "  <- see above"));
            return;
        }
        line(depth, head);
        left_.push_back({&task, depth, true});
        write_details(task, depth + 1);
    }

    void write_details(const task_core& task, std::size_t depth) {
        for (const std::string& place : stack_of(task)) {
            line(depth, "in " + place);
        }
        for (const scope_core* s = task.scope(); s != nullptr && s->host() == &task;
             s = s->parent()) {
            const std::string effect = effect_of(*s, *task.loop());
            if (!effect.empty()) {
                line(depth, std::string("inside ") + s->operation() + effect);
            }
        }
        if (const waiter* at = task.blocked_on()) {
            line(depth, std::string("awaits ") + at->operation());
            std::vector<const future_core*> awaited;
            at->awaited(awaited);
            for (auto each = awaited.rbegin(); each != awaited.rend(); ++each) {
                if (!(*each)->done()) {
                    left_.push_back({*each, depth + 1, false});
                }
            }
        }
    }

    std::string text_;
    std::vector<entry> left_;  // the next one last
    std::unordered_map<const task_core*, whereabouts> shown_;
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
    graph.write(task.core());
    return graph.take();
}

void print_call_graph(const any_task& task) { std::fputs(format_call_graph(task).c_str(), stderr); }

std::string format_task_tree() {
    const auto tasks = all_tasks();
    detail::graph_writer graph;
    for (const detail::task_core* root : detail::roots_of(tasks)) {
        graph.write(*root);
    }
    for (const any_task& task : tasks) {  // tasks that await each other have no root
        if (!graph.has_shown(task.core())) {
            graph.write(task.core());
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
