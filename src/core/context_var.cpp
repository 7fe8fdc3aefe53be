// SPDX-License-Identifier: MIT
#include <rondo/core/context_var.hpp>
#include <rondo/core/detail/execution.hpp>
#include <rondo/core/detail/task_core.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace rondo {

namespace detail {

// The value is immutable and came to this thread with the share that is copied, so that counting up
// orders nothing. The last one to count down acquires what the others did before it destroys.

context_value_ref::context_value_ref(const context_value_ref& other) noexcept
    : value_(other.value_) {
    if (value_ != nullptr) {
        std::atomic_ref(value_->references_).fetch_add(1, std::memory_order_relaxed);
    }
}

context_value_ref::~context_value_ref() {
    if (value_ != nullptr &&
        std::atomic_ref(value_->references_).fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete value_;
    }
}

void destroy(context_cell* cell) noexcept { delete cell; }

context_cell*& current_context_slot() {
    return exec.current != nullptr ? exec.current->context_slot() : exec.context;
}

context_cell* copy_of(const context_cell* cell) {
    const bool is_empty = cell == nullptr || cell->entries.empty();
    return is_empty ? nullptr : new context_cell{cell->entries, 1};
}

context_value_ref context_get(const void* variable) noexcept {
    if (const context_cell* cell = current_context()) {
        for (const context_entry& entry : cell->entries) {
            if (entry.variable == variable) {
                return entry.value;
            }
        }
    }
    return {};
}

/// Releases, when a thread ends, what it has set outside of tasks.
struct thread_context_release {
    ~thread_context_release() { release(std::exchange(exec.context, nullptr)); }
};

void context_set(const void* variable, context_value_ref value) {
    context_cell*& cell = current_context_slot();
    if (cell == nullptr) {
        static thread_local const thread_context_release at_thread_exit;
        cell = new context_cell;
    }
    // The value before dies last, with `value`: its destructor may read and set variables.
    auto& entries = cell->entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const context_entry& e) { return e.variable == variable; });
    if (found == entries.end()) {
        if (value) {
            entries.push_back({variable, std::move(value)});
        }
        return;
    }
    std::swap(found->value, value);
    if (!found->value) {
        entries.erase(found);
    }
}

context_entered::context_entered(context_cell* cell)
    : slot_(current_context_slot()), outer_(slot_) {
    retain(cell);
    slot_ = cell;
}

context_entered::~context_entered() {
    context_cell* left = std::exchange(slot_, outer_);
    release(left);
}

}  // namespace detail

context copy_context() { return context(detail::copy_of(detail::current_context())); }

}  // namespace rondo
