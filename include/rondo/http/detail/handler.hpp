// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/answer.hpp>
#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/http/detail/signature.hpp>

#include <type_traits>
#include <utility>

namespace rondo::http::detail {

/// Whether reading its parameters may have to wait: for the body, or for a dependency.
template <class H>
consteval bool waits_for_parameters() {
    for (const parameter_spec& p : parameter_specs<typename signature<H>::parameters>::all) {
        if (p.kind == parameter_kind::dependency || p.kind == parameter_kind::whole_body ||
            p.kind == parameter_kind::raw_body || p.kind == parameter_kind::file ||
            (p.kind == parameter_kind::value &&
             (p.from == source::body || p.from == source::form))) {
            return true;
        }
    }
    return false;
}

/// Calls a plain function with its parameters, and writes what it returns.
template <class H>
void finish_call(exchange& ex, H& handler, slots_of<typename signature<H>::parameters>& slots) {
    if constexpr (std::is_void_v<result_of<H>>) {
        slots.apply(handler, ex);
        ex.answer_nothing();
    } else {
        auto value = slots.apply(handler, ex);
        answer_with(ex, value);
    }
}

template <class H>
void call_handler(exchange& ex, const bound_function& function, void* handler) {
    slots_of<typename signature<H>::parameters> slots;
    if (ex.fill(function, slots.places)) {
        finish_call(ex, *static_cast<H*>(handler), slots);
    }
}

/// The one coroutine of a handler. Its arguments and its result have names: GCC 12 destroys
/// temporaries of an await expression twice.
template <class H>
coro<void> run_handler(exchange& ex, const bound_function& function, void* handler) {
    slots_of<typename signature<H>::parameters> slots;
    bool ready = false;
    if constexpr (waits_for_parameters<H>()) {
        ready = co_await ex.prepare(function, slots.places);
    } else {
        ready = ex.fill(function, slots.places);
    }
    if (!ready) {
        co_return;
    }
    H& h = *static_cast<H*>(handler);
    if constexpr (!is_coro<result_of<H>>) {
        finish_call(ex, h, slots);
    } else if constexpr (std::is_void_v<awaited_result_of<H>>) {
        auto pending = slots.apply(h, ex);
        co_await std::move(pending);
        ex.answer_nothing();
    } else {
        auto pending = slots.apply(h, ex);
        auto value = co_await std::move(pending);
        answer_with(ex, value);
    }
}

/// `call` or `run`, whichever it needs.
template <class H>
constexpr handler_spec handler_spec_of() {
    handler_spec made{};
    made.parameters = parameter_specs<typename signature<H>::parameters>::view();
    made.answers = {answer_specs<awaited_result_of<H>>::all,
                    answer_specs<awaited_result_of<H>>::size};
    if constexpr (waits_for_parameters<H>() || is_coro<result_of<H>>) {
        made.run = &run_handler<H>;
    } else {
        made.call = &call_handler<H>;
    }
    made.destroy = [](void* handler) noexcept { delete static_cast<H*>(handler); };
    return made;
}

template <class H>
inline constexpr handler_spec handler_of = handler_spec_of<H>();

}  // namespace rondo::http::detail
