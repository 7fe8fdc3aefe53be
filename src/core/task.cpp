// SPDX-License-Identifier: MIT
#include <rondo/core/task.hpp>

#include <rondo/core/debug.hpp>

#include <cstdio>

namespace rondo {

namespace detail {

namespace {
context& shared_context(context& in) {
    in.materialise();
    return in;
}
}  // namespace

core_ref<task_core> spawn(loop_core& loop, coro_promise_base& promise, task_options options,
                          scope_core* scope, const std::source_location& created_at) {
    loop.check_usable("create_task");
    if (loop.factory()) {
        loop.factory()(loop.face(), options);
    }
    std::unique_ptr<task_details> details;
    if (!options.name.empty() || loop.debug()) {
        details = std::make_unique<task_details>();
        details->name = options.name;
        details->created_at = created_at;
    }
    context in = options.context != nullptr ? shared_context(*options.context) : copy_context();
    loop.reserve();
    task_core& task = promise.make_core(&loop, in.release(), loop.next_task_id());
    task.set_details(std::move(details));
    task.set_scope(scope);
    loop.adopt(task);
    auto handle = core_ref<task_core>::share(task);
    if (options.eager_start.value_or(false) && exec.loop == &loop.face()) {
        task.step();
    } else {
        loop.push(task);
    }
    return handle;
}

}  // namespace detail

event_loop& any_task::get_loop() const { return core_->loop()->face(); }

rondo::context any_task::context() const {
    detail::context_cell*& cell = core_->context();
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
