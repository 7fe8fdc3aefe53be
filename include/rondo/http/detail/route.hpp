// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/detail/argument.hpp>
#include <rondo/http/detail/signature.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace rondo::http::detail {

// The compiler prints the name of the function that a constant expression may not call: these are
// the sentences.
void a_route_begins_with_a_slash();
void a_brace_in_the_route_is_not_closed();
void a_name_in_the_route_takes_a_whole_segment_between_slashes();
void a_name_stands_twice_in_the_route();
void only_the_last_segment_of_a_route_may_be_a_path();
void a_name_in_the_route_has_a_converter_that_is_not_int_float_uuid_or_path();
void a_name_in_the_route_is_taken_by_no_parameter_of_the_handler();
void a_plain_parameter_has_no_name_in_the_route__add_one_or_write_http_query();
void http_path_names_something_that_is_not_in_the_route();

/// The `{names}` of a route, checked as far as that is possible without a handler.
class route_names {
public:
    static constexpr std::size_t most = 32;

    consteval explicit route_names(std::string_view route) {
        if (!route.empty() && !route.starts_with('/')) {  // "" is the prefix of a router alone
            a_route_begins_with_a_slash();
        }
        for (std::size_t at = 0; at < route.size(); ++at) {
            if (route[at] == '{') {
                at = add(route, at);
            }
        }
    }
    constexpr bool contains(std::string_view name) const {
        for (std::size_t i = 0; i < count; ++i) {
            if (names[i] == name) {
                return true;
            }
        }
        return false;
    }

    std::string_view names[most] = {};
    std::size_t count = 0;

private:
    consteval std::size_t add(std::string_view route, std::size_t begin) {
        const std::size_t end = route.find('}', begin);
        if (end == std::string_view::npos) {
            a_brace_in_the_route_is_not_closed();
        }
        const std::string_view inside = route.substr(begin + 1, end - begin - 1);
        const std::size_t colon = inside.find(':');
        const std::string_view name = inside.substr(0, colon);
        const bool is_last = end + 1 == route.size();
        if (route[begin - 1] != '/' || (!is_last && route[end + 1] != '/')) {
            a_name_in_the_route_takes_a_whole_segment_between_slashes();
        }
        if (contains(name)) {
            a_name_stands_twice_in_the_route();
        }
        if (colon != std::string_view::npos) {
            check_converter(inside.substr(colon + 1), is_last);
        }
        names[count++] = name;
        return end;
    }
    static consteval void check_converter(std::string_view converter, bool is_last) {
        if (converter == "path" && !is_last) {
            only_the_last_segment_of_a_route_may_be_a_path();
        }
        if (converter != "path" && converter != "int" && converter != "float" &&
            converter != "uuid" && converter != "str") {
            a_name_in_the_route_has_a_converter_that_is_not_int_float_uuid_or_path();
        }
    }
};

/// A route that the compiler has checked against the parameters of its handler H.
template <class H>
struct route {
    std::string_view text;

    template <class S>
        requires std::convertible_to<const S&, std::string_view>
    consteval route(const S& s) : text(s) {
        check(route_names(text), parameter_specs<typename signature<H>::parameters>::all);
    }

private:
    template <class Specs>
    static consteval void check(const route_names& names, const Specs& specs) {
        std::size_t by_name = 0;
        std::size_t by_order = 0;
        for (const parameter_spec& p : specs) {
            if (p.kind != parameter_kind::value || p.from != source::path) {
                continue;
            }
            if (p.is_struct) {
                return;  // its members are looked at when the route is added
            }
            if (!p.name.empty() && !names.contains(p.name)) {
                http_path_names_something_that_is_not_in_the_route();
            }
            ++(p.name.empty() ? by_order : by_name);
        }
        if (names.count > by_name + by_order) {
            a_name_in_the_route_is_taken_by_no_parameter_of_the_handler();
        }
        if (names.count < by_name + by_order) {
            a_plain_parameter_has_no_name_in_the_route__add_one_or_write_http_query();
        }
    }
};

}  // namespace rondo::http::detail
