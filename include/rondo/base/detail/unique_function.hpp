// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace rondo {

template <class Signature>
class unique_function;

/// A callable that is owned and may be move-only, unlike std::function. Callables of up to three
/// pointers that move without throwing are stored in place.
template <class R, class... Args>
class unique_function<R(Args...)> {
public:
    unique_function() = default;
    unique_function(std::nullptr_t) noexcept {}

    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, unique_function> &&
                 std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
    unique_function(F&& callable) {
        using stored = std::decay_t<F>;
        if constexpr (fits_in_place<stored>) {
            ::new (static_cast<void*>(storage_)) stored(std::forward<F>(callable));
            table_ = &in_place<stored>;
        } else {
            ::new (static_cast<void*>(storage_)) stored*(new stored(std::forward<F>(callable)));
            table_ = &on_heap<stored>;
        }
    }

    unique_function(unique_function&& other) noexcept { take(other); }
    unique_function& operator=(unique_function&& other) noexcept {
        if (this != &other) {
            // What was here dies last: its destructor may come back to this object.
            const unique_function before(std::move(*this));
            take(other);
        }
        return *this;
    }
    ~unique_function() { reset(); }

    explicit operator bool() const noexcept { return table_ != nullptr; }
    /// The type of what is called; that of nothing is void.
    const std::type_info& target() const noexcept {
        return table_ != nullptr ? *table_->type : typeid(void);
    }
    R operator()(Args... args) { return table_->call(storage_, std::forward<Args>(args)...); }

    void reset() noexcept {
        if (const functions* const table = std::exchange(table_, nullptr)) {
            table->destroy(storage_);
        }
    }

private:
    struct functions {
        R (*call)(void*, Args&&...);
        void (*move)(void* from, void* to) noexcept;
        void (*destroy)(void*) noexcept;
        const std::type_info* type;
    };

    template <class F>
    static R call(F& callable, Args&&... args) {
        if constexpr (std::is_void_v<R>) {
            static_cast<void>(callable(std::forward<Args>(args)...));
        } else {
            return callable(std::forward<Args>(args)...);
        }
    }

    static constexpr std::size_t capacity = 3 * sizeof(void*);

    template <class F>
    static constexpr bool fits_in_place = sizeof(F) <= capacity && alignof(F) <= alignof(void*) &&
                                          std::is_nothrow_move_constructible_v<F>;

    template <class F>
    static constexpr functions in_place = {
        [](void* self, Args&&... args) -> R {
            return unique_function::call(*static_cast<F*>(self), std::forward<Args>(args)...);
        },
        [](void* from, void* to) noexcept {
            ::new (to) F(std::move(*static_cast<F*>(from)));
            static_cast<F*>(from)->~F();
        },
        [](void* self) noexcept { static_cast<F*>(self)->~F(); }, &typeid(F)};

    template <class F>
    static constexpr functions on_heap = {
        [](void* self, Args&&... args) -> R {
            return unique_function::call(**static_cast<F**>(self), std::forward<Args>(args)...);
        },
        [](void* from, void* to) noexcept { ::new (to) F*(*static_cast<F**>(from)); },
        [](void* self) noexcept { delete *static_cast<F**>(self); }, &typeid(F)};

    void take(unique_function& other) noexcept {
        table_ = std::exchange(other.table_, nullptr);
        if (table_ != nullptr) {
            table_->move(other.storage_, storage_);
        }
    }

    const functions* table_ = nullptr;
    alignas(void*) std::byte storage_[capacity];
};

}  // namespace rondo
