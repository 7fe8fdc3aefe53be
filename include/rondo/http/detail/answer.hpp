// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_table.hpp>
#include <rondo/core/async_generator.hpp>
#include <rondo/http/detail/exchange.hpp>
#include <rondo/http/detail/signature.hpp>
#include <rondo/http/error.hpp>
#include <rondo/http/event.hpp>
#include <rondo/http/reply.hpp>
#include <rondo/http/response.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

// What a handler returns becomes an answer by its type.

namespace rondo::http::detail {

template <class T>
inline constexpr bool is_reply = false;
template <class T>
inline constexpr bool is_reply<reply<T>> = true;
template <class T>
inline constexpr bool is_event = false;
template <class T>
inline constexpr bool is_event<event<T>> = true;
template <class T>
inline constexpr bool is_stream = false;
template <class Y>
inline constexpr bool is_stream<async_generator<Y, void>> = true;

template <class T>
concept json_type =
    rondo::detail::own_table<T> || rondo::detail::kind_of<T>() != rondo::detail::type_kind::none;

/// Pulls a generator, item by item, and writes each one in its form.
template <class Y>
class generator_stream final : public body_stream {
public:
    explicit generator_stream(async_generator<Y> from) noexcept : from_(std::move(from)) {}

    coro<bool> next(std::string& to) override {
        auto item = co_await from_.next();
        if (!item) {
            co_return false;
        }
        write(to, *item);
        co_return true;
    }
    coro<void> aclose() override { co_await from_.aclose(); }

private:
    static void write(std::string& to, const Y& item) {
        if constexpr (std::is_same_v<Y, chunk>) {
            to += item.bytes;
        } else if constexpr (is_event<Y>) {
            item.write_to(to);
        } else {
            rondo::detail::write_json(to, rondo::detail::type_of<Y>, &item, {});
            to += '\n';
        }
    }

    async_generator<Y> from_;
};

template <class Y>
consteval std::string_view media_type_of_stream() {
    if constexpr (std::is_same_v<Y, chunk>) {
        return "application/octet-stream";
    } else {
        return is_event<Y> ? "text/event-stream" : "application/jsonl";
    }
}

template <class Y>
void answer_with(exchange& ex, async_generator<Y>& value) {
    ex.answer_stream(box<body_stream>(new generator_stream<Y>(std::move(value))),
                     media_type_of_stream<Y>());
}

/// Writes what a handler has returned.
template <class T>
void answer_with(exchange& ex, T& value) {
    if constexpr (std::is_same_v<T, response>) {
        ex.answer(std::move(value));
    } else if constexpr (std::is_same_v<T, error>) {
        ex.answer(std::as_const(value));
    } else if constexpr (is_reply<T>) {
        ex.set_head(value.status_code, value.headers);
        answer_with(ex, value.value);
    } else if constexpr (rondo::detail::is_variant<T>) {
        std::visit([&](auto& alternative) { answer_with(ex, alternative); }, value);
    } else {
        ex.answer_json(rondo::detail::type_of<T>, &value);
    }
}

template <class T>
struct answer_specs {
    static constexpr std::size_t size = 1;
    static constexpr answer_spec one() {
        if constexpr (std::is_void_v<T>) {
            return {nullptr, "application/json", false, true};
        } else if constexpr (std::is_same_v<T, response> || std::is_same_v<T, error>) {
            return {nullptr, ""};
        } else if constexpr (is_reply<T>) {
            return answer_specs<typename T::value_type>::one();
        } else {
            static_assert(json_type<T>,
                          "a handler returns what JSON can hold (numbers, texts, structs, lists, "
                          "maps, optional and variant of them), an http::response, an "
                          "http::reply<T>, or an async_generator of one of them");
            return {&rondo::detail::type_of<T>};
        }
    }
    static constexpr answer_spec all[] = {one()};
};
template <class Y>
struct answer_specs<async_generator<Y, void>> {
    static constexpr std::size_t size = 1;
    static constexpr answer_spec one() {
        if constexpr (std::is_same_v<Y, chunk>) {
            return {nullptr, media_type_of_stream<Y>(), true};
        } else if constexpr (is_event<Y>) {
            return {&rondo::detail::type_of<typename Y::value_type>, media_type_of_stream<Y>(),
                    true};
        } else {
            return {&rondo::detail::type_of<Y>, media_type_of_stream<Y>(), true};
        }
    }
    static constexpr answer_spec all[] = {one()};
};
template <class... A>
struct answer_specs<std::variant<A...>> {
    static constexpr std::size_t size = sizeof...(A);
    static constexpr answer_spec all[] = {answer_specs<A>::one()...};
};

}  // namespace rondo::http::detail
