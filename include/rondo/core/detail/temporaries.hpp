// SPDX-License-Identifier: MIT
#pragma once

// What awaited functions refuse or do otherwise because GCC 12 and 13 destroy some temporaries of a
// co_await expression twice (docs/explanation/compilers.md).

#include <rondo/base/detail/config.hpp>

#include <type_traits>
#include <utility>

namespace rondo::detail {

/// A callable that an awaited function keeps: temporaries by value, named ones by reference.
/// GCC 12 and 13 destroy a temporary closure twice, so one that needs destruction is refused.
template <class F>
constexpr void check_callable() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK && !std::is_lvalue_reference_v<F>) {
        static_assert(
            std::is_trivially_destructible_v<F>,
            "this compiler destroys a temporary lambda with non-trivial captures twice when it "
            "stands in a co_await expression: give the lambda a name first (auto body = "
            "[...]...;) and pass that name, or capture by reference ([&]) where what it refers to "
            "lives longer than the lambda");
    }
}

/// A manager that an awaited function keeps in the same way: the same compilers destroy a temporary
/// aggregate twice.
template <class M>
constexpr void check_manager() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK && !std::is_lvalue_reference_v<M>) {
        static_assert(!std::is_aggregate_v<M> || std::is_trivially_destructible_v<M>,
                      "this compiler destroys a temporary aggregate twice when it stands in a "
                      "co_await expression: give the manager a name first, and pass that name to "
                      "with(), or give its class a constructor");
    }
}

/// GCC 12 and 13 destroy some arguments of a call in a co_await expression twice (config.hpp).
template <class... Args>
constexpr void check_arguments() {
    if constexpr (RONDO_CLOSURE_TEMPORARIES_BREAK) {
        static_assert(
            ((std::is_lvalue_reference_v<Args> || std::is_trivially_destructible_v<Args> ||
              !std::is_aggregate_v<Args>) &&
             ...),
            "this compiler destroys a temporary aggregate twice when it stands in a co_await "
            "expression: give the argument a name and pass it by that name, which copies it "
            "(std::move is refused too), or give its class a constructor");
    }
}

/// Whether `f(T{…})` in a co_await expression destroys what T owns twice.
template <class T>
concept breaks_as_temporary = (RONDO_CLOSURE_TEMPORARIES_BREAK == 1) && std::is_aggregate_v<T> &&
                              !std::is_trivially_destructible_v<T>;

/// For `co_await` of something that is not rondo's.
template <class A>
constexpr void check_awaited() {
    static_assert(std::is_lvalue_reference_v<A> || !breaks_as_temporary<std::remove_cvref_t<A>>,
                  "this compiler destroys a temporary aggregate twice when it stands in a co_await "
                  "expression: give what is awaited a name first, or give its class a constructor");
}

/// An item that an awaited function takes, where its own type breaks as a temporary. This one has a
/// constructor, so that `put({name, 1})` is right: what is in the braces makes the item inside.
template <class T>
class item_argument {
public:
    item_argument(const T& item) : item_(item) {}
    template <class... Parts>
        requires(sizeof...(Parts) > 1 && std::is_constructible_v<T, Parts...>)
    item_argument(Parts&&... parts) : item_(std::forward<Parts>(parts)...) {}
    item_argument(const item_argument&) = delete;
    item_argument& operator=(const item_argument&) = delete;

    T take() { return std::move(item_); }

private:
    T item_;
};

template <class T>
constexpr void refuse_item() {
    static_assert(
        !breaks_as_temporary<T>,
        "this compiler destroys a temporary aggregate twice when it stands in a co_await "
        "expression: write emplace(parts...), which makes the item inside; or give the "
        "item a name and pass it by that name, which copies it; or emplace(std::move(name))");
}

}  // namespace rondo::detail
