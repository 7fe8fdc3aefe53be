// SPDX-License-Identifier: MIT
#include <rondo/core/context.hpp>

#include <rondo/core/execution.hpp>
#include <rondo/core/task_core.hpp>

namespace rondo::detail {

void retain(context_cell* cell) noexcept {
    if (cell != nullptr) {
        ++cell->references;
    }
}

void release(context_cell* cell) noexcept {
    if (cell != nullptr && --cell->references == 0) {
        delete cell;
    }
}

context_cell*& current_context() noexcept {
    return exec.current != nullptr ? exec.current->context() : exec.context;
}

context_cell* copy_of(const context_cell* cell) {
    const bool is_empty = cell == nullptr || cell->table == nullptr;
    return is_empty ? nullptr : new context_cell{cell->table, 1};
}

std::shared_ptr<const void> context_get(const void* variable) noexcept {
    const context_cell* cell = current_context();
    if (cell == nullptr || cell->table == nullptr) {
        return nullptr;
    }
    for (const context_entry& entry : *cell->table) {
        if (entry.variable == variable) {
            return entry.value;
        }
    }
    return nullptr;
}

void context_set(const void* variable, std::shared_ptr<const void> value) {
    context_cell*& cell = current_context();
    auto table = std::make_shared<context_table>();
    if (cell != nullptr && cell->table != nullptr) {
        for (const context_entry& entry : *cell->table) {
            if (entry.variable != variable) {
                table->push_back(entry);
            }
        }
    }
    if (value != nullptr) {
        table->push_back({variable, std::move(value)});
    }
    if (cell == nullptr) {
        cell = new context_cell;
    }
    cell->table = std::move(table);
}

context_entered::context_entered(context_cell* cell) noexcept
    : slot_(current_context()), outer_(slot_) {
    retain(cell);
    slot_ = cell;
}

context_entered::~context_entered() {
    context_cell* left = std::exchange(slot_, outer_);
    release(left);
}

}  // namespace rondo::detail
