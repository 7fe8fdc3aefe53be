// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/http/detail/signature.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace rondo::http::detail {

template <class T>
class kept_result final : public kept_value {
public:
    explicit kept_result(T&& made) : made_(std::move(made)) {}
    void* value() noexcept override { return &made_; }

private:
    T made_;
};

/// Of a function that is run for its effect.
template <>
class kept_result<void> final : public kept_value {
public:
    void* value() noexcept override { return nullptr; }
};

template <class T>
class kept_manager final : public kept_value {
public:
    explicit kept_manager(context_manager<T>&& made) : manager_(std::move(made)) {}

    coro<void> enter() {
        if constexpr (std::is_void_v<T>) {
            co_await manager_.aenter();
        } else {
            T& resource = co_await manager_.aenter();
            resource_ = __builtin_addressof(resource);
        }
    }
    void* value() noexcept override { return resource_; }
    bool has_release() const noexcept override { return true; }
    coro<void> release(std::exception_ptr error) override {
        static_cast<void>(co_await manager_.aexit(std::move(error)));
    }

private:
    context_manager<T> manager_;
    std::remove_const_t<std::conditional_t<std::is_void_v<T>, char, T>>* resource_ = nullptr;
};

/// Runs a dependency. Null: its parameters are wrong, and that is noted.
template <class F>
coro<kept_value*> run_dependency(exchange& ex, dependency_call call) {
    slots_of<typename signature<F>::parameters> slots;
    const bool ready = co_await ex.prepare(*call.parameters, slots.places);
    if (!ready) {
        co_return nullptr;
    }
    using R = result_of<F>;
    using T = awaited_result_of<F>;
    const F& f = *static_cast<const F*>(call.function);
    if constexpr (is_manager<R>) {
        auto* kept = new kept_manager<T>(slots.apply(f, ex));
        box<kept_value> owner(kept);
        co_await kept->enter();
        co_return owner.release();
    } else if constexpr (is_coro<R>) {
        auto pending = slots.apply(f, ex);
        if constexpr (std::is_void_v<T>) {
            co_await std::move(pending);
            co_return new kept_result<void>();
        } else {
            T made = co_await std::move(pending);
            co_return new kept_result<T>(std::move(made));
        }
    } else if constexpr (std::is_void_v<R>) {
        slots.apply(f, ex);
        co_return new kept_result<void>();
    } else {
        co_return new kept_result<T>(slots.apply(f, ex));
    }
}

template <auto Function>
struct function_constant {
    static constexpr auto value = Function;
};

template <class F>
constexpr std::span<const parameter_spec> parameters_of() {
    return parameter_specs<typename signature<F>::parameters>::view();
}

template <auto Function, scope Until = scope::request>
inline constexpr dependency_spec dependency_of = {
    &parameters_of<decltype(Function)>,
    &run_dependency<decltype(Function)>,
    &function_constant<Function>::value,
    &function_constant<Function>::value,
    Until,
};

}  // namespace rondo::http::detail
