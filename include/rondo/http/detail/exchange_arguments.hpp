// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/background_tasks.hpp>
#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>

namespace rondo::http::detail {

// What a handler takes by reference: the exchange lends it.

struct nothing {};

template <>
struct argument<http::request> {
    using slot = nothing;
    static constexpr bool is_reference = true;
    static constexpr parameter_spec spec() { return {parameter_kind::provided}; }
    static http::request& pass(slot&, exchange& ex) noexcept { return ex.request(); }
};

template <>
struct argument<http::response> {
    using slot = nothing;
    static constexpr bool is_reference = true;
    static constexpr parameter_spec spec() { return {parameter_kind::provided}; }
    static http::response& pass(slot&, exchange& ex) noexcept { return ex.response(); }
};

template <>
struct argument<background_tasks> {
    using slot = nothing;
    static constexpr bool is_reference = true;
    static constexpr parameter_spec spec() { return {parameter_kind::provided}; }
    static background_tasks& pass(slot&, exchange& ex) { return ex.background(); }
};

}  // namespace rondo::http::detail
