// SPDX-License-Identifier: MIT
#include <rondo/core/debug.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/task.hpp>

#include <cstdio>
#include <stdexcept>

namespace rondo {

namespace detail {

namespace {

context& shared_context(context& in) {
    in.materialise();
    return in;
}

/// Whether the running task, if any, has context variables that a new one gets a copy of.
bool variables_are_set() noexcept {
    const context_cell* cell = current_context();
    return cell != nullptr && !cell->entries.empty();
}

/// Everything that every task needs, but for being started. The loop has reserved its place.
inline task_core& make_task(loop_core& loop, coro_promise_base& promise,
                            scope_core* scope) noexcept {
    task_core& task = promise.make_core(&loop, loop.next_task_id());
    task.retain();  // for the handle
    if (scope != nullptr) {
        task.set_scope(scope);
    }
    return task;
}

/// What only some tasks need; null for the others.
box<task_details> details_for(loop_core& loop, const task_options& options,
                              std::source_location created_at) {
    context in = options.context != nullptr ? shared_context(*options.context) : copy_context();
    const bool noted = !options.name.empty() || loop.debug();
    if (!noted && in.cell() == nullptr) {
        return nullptr;
    }
    auto details = make_box<task_details>();
    if (noted) {
        details->name = options.name;
        details->created_at = created_at;
    }
    details->context = in.release();
    return details;
}

void start_eagerly(task_core& task) {
    with_room([&task]() noexcept {
        const nested_execution nested;
        task.step();
    });
}

[[gnu::noinline]] task_core& spawn_as_asked(loop_core& loop, coro_promise_base& promise,
                                            task_options options, scope_core* scope,
                                            std::source_location created_at) {
    if (const auto& factory = loop.engine().factory()) {
        factory(loop.face(), options);
    }
    box<task_details> details = details_for(loop, options, created_at);
    loop.reserve();  // from here on nothing can fail
    task_core& task = make_task(loop, promise, scope);
    task.set_details(std::move(details));
    if (options.eager_start.value_or(false) && exec.loop == &loop) {
        start_eagerly(task);
    } else {
        loop.push(task);
    }
    return task;
}

}  // namespace

task_core& spawn(loop_core& loop, coro_promise_base& promise, const task_options& options,
                 scope_core* scope, std::source_location created_at) {
    const bool plain =
        &options == &default_task_options && loop.makes_plain_tasks() && !variables_are_set();
    if (!plain || !loop.try_reserve()) [[unlikely]] {
        return spawn_as_asked(loop, promise, options, scope, created_at);
    }
    task_core& task = make_task(loop, promise, scope);
    loop.push(task);
    return task;
}

}  // namespace detail

event_loop& any_task::get_loop() const {
    const detail::with_live_loop alive(core_->loop());
    if (!alive) {
        throw std::runtime_error("get_loop: the event loop is closed");
    }
    return alive->face();
}

rondo::context any_task::context() const {
    detail::context_cell*& cell = core_->context_slot();
    if (cell == nullptr) {
        cell = new detail::context_cell;
    }
    detail::retain(cell);
    return rondo::context(cell);
}

std::vector<std::string> any_task::get_stack() const { return detail::stack_of(*core_); }

void any_task::print_stack() const {
    std::fprintf(stderr, "stack of %s (most recent await last):\n", name().c_str());
    for (const std::string& line : get_stack()) {
        std::fprintf(stderr, "  %s\n", line.c_str());
    }
}

any_task current_task() {
    detail::running_core("current_task");
    return detail::exec.current != nullptr ? any_task(*detail::exec.current) : any_task();
}

std::vector<any_task> all_tasks() { return get_running_loop().all_tasks(); }

void eager_task_factory(event_loop&, task_options& options) {
    if (!options.eager_start) {
        options.eager_start = true;
    }
}

}  // namespace rondo
