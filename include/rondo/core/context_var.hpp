// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rondo {

class context;

namespace detail {

/// The value of one variable, shared by all contexts that hold it; immutable.
class context_value {
public:
    context_value() = default;
    context_value(const context_value&) = delete;
    context_value& operator=(const context_value&) = delete;
    virtual ~context_value() = default;

private:
    friend class context_value_ref;
    // Changed atomically: contexts may be handed to another thread, which then drops its share.
    unsigned references_ = 1;
};

template <class T>
class typed_context_value final : public context_value {
public:
    explicit typed_context_value(T v) : value(std::move(v)) {}
    const T value;
};

/// A share of a value; may be empty.
class context_value_ref {
public:
    context_value_ref() = default;
    /// Takes over the first share.
    explicit context_value_ref(context_value* value) noexcept : value_(value) {}
    context_value_ref(const context_value_ref& other) noexcept;
    context_value_ref(context_value_ref&& other) noexcept
        : value_(std::exchange(other.value_, nullptr)) {}
    context_value_ref& operator=(context_value_ref other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~context_value_ref();

    explicit operator bool() const noexcept { return value_ != nullptr; }
    const context_value* get() const noexcept { return value_; }

private:
    context_value* value_ = nullptr;
};

struct context_entry {
    const void* variable;
    context_value_ref value;
};

/// A context: what each variable that was set holds. Few variables are ever set, and seldom.
struct context_cell {
    std::vector<context_entry> entries;
    unsigned references = 1;
};

inline void retain(context_cell* cell) noexcept {
    if (cell != nullptr) {
        ++cell->references;
    }
}
void destroy(context_cell* cell) noexcept;
inline void release(context_cell* cell) noexcept {
    if (cell != nullptr && --cell->references == 0) {
        destroy(cell);
    }
}

/// Where the context is kept that the running task, callback or thread sees. Throws bad_alloc.
context_cell*& current_context_slot();
/// A new cell with what `cell` holds now; null stays null.
context_cell* copy_of(const context_cell* cell);

context_value_ref context_get(const void* variable) noexcept;
/// An empty value unsets the variable.
void context_set(const void* variable, context_value_ref value);

/// Makes `cell` the context of callbacks and plain code for a while.
class context_entered {
public:
    /// Throws bad_alloc, but only within a task.
    explicit context_entered(context_cell* cell);
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
context copy_context();

/// What `context_var::set` returns, for `reset`.
template <class T>
class context_token {
public:
    /// The value before; null if there was none.
    const T* old_value() const noexcept {
        const auto* old = static_cast<const detail::typed_context_value<T>*>(old_.get());
        return old != nullptr ? &old->value : nullptr;
    }

private:
    template <class>
    friend class context_var;
    explicit context_token(const void* variable, detail::context_value_ref old)
        : variable_(variable), old_(std::move(old)) {}

    const void* variable_;
    detail::context_value_ref old_;
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
        if (const auto value = detail::context_get(this)) {
            return value_of(value);
        }
        if (default_) {
            return *default_;
        }
        throw std::out_of_range("context_var '" + name_ + "' has no value here and no default");
    }

    /// The value here, else `fallback`.
    T get(T fallback) const {
        const auto value = detail::context_get(this);
        return value ? value_of(value) : std::move(fallback);
    }

    context_token<T> set(T value) {
        context_token<T> token(this, detail::context_get(this));
        detail::context_set(
            this, detail::context_value_ref(new detail::typed_context_value<T>(std::move(value))));
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
    static const T& value_of(const detail::context_value_ref& value) noexcept {
        return static_cast<const detail::typed_context_value<T>*>(value.get())->value;
    }

    std::string name_;
    std::optional<T> default_;
};

}  // namespace rondo
