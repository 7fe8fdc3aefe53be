// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/upload_file.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo::http {

/// A parameter of a handler that is the body as it came, whatever its type. It is a std::string.
struct raw_body : std::string {};

namespace detail {

template <class T>
inline constexpr bool is_file = std::is_same_v<T, upload_file>;
template <>
inline constexpr bool is_file<std::optional<upload_file>> = true;
template <>
inline constexpr bool is_file<std::vector<upload_file>> = true;

/// `http::form<http::upload_file, "photo">`; also optional ones, and vectors of them.
template <class T, json::fixed_text Name, auto... Rules>
    requires is_file<T>
struct argument<parameter<source::form, T, Name, Rules...>> {
    using slot = parameter<source::form, T, Name, Rules...>;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::file};
        made.from = source::form;
        made.name = Name.view();
        made.optional = !std::is_same_v<T, upload_file>;
        made.is_list_of_files =
            requires(T& all, upload_file file) { all.push_back(std::move(file)); };
        made.put_file = [](void* s, upload_file&& file) {
            T& to = stored_in<T>(*static_cast<slot*>(s));
            if constexpr (requires { to.push_back(std::move(file)); }) {
                to.push_back(std::move(file));
            } else {
                to = std::move(file);
            }
        };
        return made;
    }
    static slot&& pass(slot& s, exchange&) noexcept { return std::move(s); }
};

template <>
struct argument<raw_body> {
    using slot = raw_body;

    static constexpr parameter_spec spec() {
        parameter_spec made{parameter_kind::raw_body};
        made.from = source::body;
        made.value_in = [](void* s) -> void* {
            return static_cast<std::string*>(static_cast<slot*>(s));
        };
        return made;
    }
    static slot&& pass(slot& s, exchange&) noexcept { return std::move(s); }
};

}  // namespace detail
}  // namespace rondo::http
