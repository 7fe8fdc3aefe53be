// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

class context;

namespace detail {

/// One value of one variable. Immutable once it stands in a table.
struct context_entry {
    const void* variable;
    std::shared_ptr<const void> value;
};
using context_table = std::vector<context_entry>;

/// A context: a mutable slot that points to an immutable table, so that a copy is one pointer.
struct context_cell {
    std::shared_ptr<const context_table> table;
    unsigned references = 1;
};

void retain(context_cell* cell) noexcept;
void release(context_cell* cell) noexcept;

/// The context that the running task, callback or thread sees; null while it is empty.
context_cell*& current_context() noexcept;
/// A new cell with what `cell` holds now; null stays null.
context_cell* copy_of(const context_cell* cell);

std::shared_ptr<const void> context_get(const void* variable) noexcept;
void context_set(const void* variable, std::shared_ptr<const void> value);

/// Makes `cell` the context of callbacks and plain code for a while.
class context_entered {
public:
    explicit context_entered(context_cell* cell) noexcept;
    context_entered(const context_entered&) = delete;
    context_entered& operator=(const context_entered&) = delete;
    ~context_entered();

private:
    context_cell*& slot_;
    context_cell* outer_;
};

}  // namespace detail

/// The values of all context variables at some place: contextvars.Context. A cheap handle; copies
/// refer to the same context, `copy_context()` makes a new one.
/// Threads: a context belongs to one thread at a time.
class context {
public:
    context() noexcept = default;
    /// Takes over one reference to `cell`.
    explicit context(detail::context_cell* cell) noexcept : cell_(cell) {}
    context(const context& other) noexcept : cell_(other.cell_) { detail::retain(cell_); }
    context(context&& other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
    context& operator=(context other) noexcept {
        std::swap(cell_, other.cell_);
        return *this;
    }
    ~context() { detail::release(cell_); }

    /// Calls fn(args...) in this context; variables that it sets stay set here.
    template <class F, class... Args>
    decltype(auto) run(F&& fn, Args&&... args) {
        materialise();
        detail::context_entered entered(cell_);
        return std::forward<F>(fn)(std::forward<Args>(args)...);
    }

    detail::context_cell* cell() const noexcept { return cell_; }
    /// Gives the reference away.
    detail::context_cell* release() noexcept { return std::exchange(cell_, nullptr); }
    /// Makes sure that there is a cell that can be shared.
    void materialise() {
        if (cell_ == nullptr) {
            cell_ = new detail::context_cell;
        }
    }

private:
    detail::context_cell* cell_ = nullptr;
};

/// A new context with the values that are current now.
inline context copy_context() { return context(detail::copy_of(detail::current_context())); }

/// What `context_var::set` returns, for `reset`.
template <class T>
class context_token {
public:
    /// The value before, if there was one.
    const std::shared_ptr<const T>& old_value() const noexcept { return old_; }

private:
    template <class>
    friend class context_var;
    explicit context_token(const void* variable, std::shared_ptr<const T> old)
        : variable_(variable), old_(std::move(old)) {}

    const void* variable_;
    std::shared_ptr<const T> old_;
    bool used_ = false;
};

/// A variable whose value belongs to the task that set it: a task sees the values that were current
/// where it was created, and what it sets is invisible to others. Coroutines that are awaited
/// directly share their task's values. Declare it once, at namespace scope.
template <class T>
class context_var {
public:
    explicit context_var(std::string name) : name_(std::move(name)) {}
    context_var(std::string name, T default_value)
        : name_(std::move(name)), default_(std::move(default_value)) {}
    context_var(const context_var&) = delete;
    context_var& operator=(const context_var&) = delete;

    const std::string& name() const noexcept { return name_; }

    /// The value here, else the default. Throws out_of_range when there is neither.
    T get() const {
        if (auto value = find()) {
            return *value;
        }
        if (default_) {
            return *default_;
        }
        throw std::out_of_range("context_var '" + name_ + "' has no value here and no default");
    }

    /// The value here, else `fallback`.
    T get(T fallback) const {
        auto value = find();
        return value ? *value : std::move(fallback);
    }

    context_token<T> set(T value) {
        context_token<T> token(this, find());
        detail::context_set(this, std::make_shared<const T>(std::move(value)));
        return token;
    }

    /// Restores what was there before the `set` that gave `token`. Throws invalid_argument for
    /// another variable's token, logic_error for one that was used.
    void reset(context_token<T>& token) {
        if (token.variable_ != this) {
            throw std::invalid_argument("context_var '" + name_ +
                                        "': the token was made by another variable");
        }
        if (std::exchange(token.used_, true)) {
            throw std::logic_error("context_var '" + name_ + "': the token was already used");
        }
        detail::context_set(this, token.old_);
    }

private:
    std::shared_ptr<const T> find() const noexcept {
        return std::static_pointer_cast<const T>(detail::context_get(this));
    }

    std::string name_;
    std::optional<T> default_;
};

}  // namespace rondo
