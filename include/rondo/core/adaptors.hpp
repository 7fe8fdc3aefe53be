// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/async_generator.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/with.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

namespace detail {

template <class O>
inline constexpr bool is_optional_v = false;
template <class T>
inline constexpr bool is_optional_v<std::optional<T>> = true;

/// Something that gives values by `co_await next()` and then nullopt: async generators, and
/// whatever else has such a member.
template <class G>
concept async_source = requires(std::remove_reference_t<G>& g) {
    { g.next() } -> awaitable;
    requires is_optional_v<std::remove_cvref_t<awaitable_result_t<decltype(g.next())>>>;
};
template <class G>
using element_t = typename std::remove_cvref_t<
    awaitable_result_t<decltype(std::declval<std::remove_reference_t<G>&>().next())>>::value_type;

/// Ends a source that is owned (G is no reference), shielded, and passes on `error`.
template <class G>
coro<void> leave_source(std::remove_reference_t<G>& source, std::exception_ptr error) {
    if constexpr (!std::is_reference_v<G> && requires { source.aclose(); }) {
        const shielded shield;
        co_await source.aclose();
    }
    if (error) {
        std::rethrow_exception(std::move(error));
    }
}

/// What fn(args...) gives, awaited if fn is a coroutine function.
template <class R>
struct awaited {
    using type = R;
};
template <class T>
struct awaited<coro<T>> {
    using type = T;
};
template <class F, class... Args>
using call_result_t = typename awaited<std::invoke_result_t<F&, Args...>>::type;

/// An operation that stands to the right of `|`. GCC 12 destroys a temporary closure twice, so the
/// functions are stored in a class with a constructor and named ones are copied.
template <class Make>
class pipe_stage {
public:
    explicit pipe_stage(Make make) : make_(std::move(make)) {}
    template <async_source G>
    auto apply(G&& source) && {
        return make_.template operator()<G>(std::forward<G>(source));
    }

private:
    Make make_;
};

template <async_source G, class Make>
auto operator|(G&& source, pipe_stage<Make> stage) {
    return std::move(stage).apply(std::forward<G>(source));
}

template <class G>
coro<std::vector<element_t<G>>> collect_all(G source) {
    std::vector<element_t<G>> all;
    std::exception_ptr error;
    try {
        while (auto element = co_await source.next()) {
            all.push_back(std::move(*element));
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
    co_return std::move(all);
}

template <class G, class F>
async_generator<element_t<G>> filter_each(G source, F keep) {
    std::exception_ptr error;
    try {
        while (auto element = co_await source.next()) {
            const element_t<G>& asked = *element;
            bool wanted;
            if constexpr (is_coro_v<std::invoke_result_t<F&, const element_t<G>&>>) {
                wanted = co_await keep(asked);
            } else {
                wanted = keep(asked);
            }
            if (wanted) {
                co_yield std::move(*element);
            }
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
}

template <class G, class F>
async_generator<std::decay_t<call_result_t<F, element_t<G>>>> transform_each(G source, F fn) {
    std::exception_ptr error;
    try {
        while (auto element = co_await source.next()) {
            if constexpr (is_coro_v<std::invoke_result_t<F&, element_t<G>>>) {
                co_yield co_await fn(std::move(*element));
            } else {
                co_yield fn(std::move(*element));
            }
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
}

template <class G>
async_generator<element_t<G>> take_first(G source, std::size_t count) {
    std::exception_ptr error;
    try {
        for (; count > 0; --count) {
            auto element = co_await source.next();
            if (!element) {
                break;
            }
            co_yield std::move(*element);
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
}

template <class G>
async_generator<std::pair<std::size_t, element_t<G>>> enumerate_each(G source, std::size_t number) {
    std::exception_ptr error;
    try {
        for (;; ++number) {
            auto element = co_await source.next();
            if (!element) {
                break;
            }
            co_yield std::pair<std::size_t, element_t<G>>(number, std::move(*element));
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
}

template <class G>
async_generator<std::vector<element_t<G>>> chunk_each(G source, std::size_t size) {
    std::exception_ptr error;
    try {
        std::vector<element_t<G>> chunk;
        while (auto element = co_await source.next()) {
            chunk.push_back(std::move(*element));
            if (chunk.size() == size) {
                co_yield std::exchange(chunk, {});
            }
        }
        if (!chunk.empty()) {
            co_yield std::move(chunk);
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_source<G>(source, error);
}

/// Fills `elements` from the sources, one after the other, until one has ended.
template <std::size_t I, class Sources, class Elements>
coro<bool> next_of_each(Sources& sources, Elements& elements) {
    if constexpr (I == std::tuple_size_v<Elements>) {
        co_return true;
    } else {
        auto element = co_await std::get<I>(sources).next();
        if (!element) {
            co_return false;
        }
        std::get<I>(elements) = std::move(element);
        co_return co_await detail::next_of_each<I + 1>(sources, elements);
    }
}

/// Ends all sources from the I-th on, the first last, whatever errors come up.
template <std::size_t I, class... G>
coro<void> leave_sources(std::tuple<G...>& sources, std::exception_ptr error) {
    if constexpr (I < sizeof...(G)) {
        try {
            co_await detail::leave_sources<I + 1>(sources, error);
        } catch (...) {
            error = std::current_exception();
        }
        using source = std::tuple_element_t<I, std::tuple<G...>>;
        co_await detail::leave_source<source>(std::get<I>(sources), error);
    } else if (error) {
        std::rethrow_exception(std::move(error));
    }
}

template <class... G>
async_generator<std::tuple<element_t<G>...>> zip_each(std::tuple<G...> sources) {
    std::exception_ptr error;
    try {
        std::tuple<std::optional<element_t<G>>...> row;
        while (co_await detail::next_of_each<0>(sources, row)) {
            co_yield std::apply(
                [](auto&... element) {
                    return std::tuple<element_t<G>...>(std::move(*element)...);
                },
                row);
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await detail::leave_sources<0>(sources, error);
}

}  // namespace detail

// Adaptors: async generators made of others, and lazy like them: nothing runs until the result is
// asked for a value, and then only as much as that value needs.
//
//     auto names = users() | filter(is_active) | transform(load_name) | take(10);
//     while (auto name = co_await names.next()) { ... }
//
// A source that is given as a temporary (or std::move'd) is owned, and is closed when the adaptor
// ends, shielded, even when it ends early; a named source is referred to and stays usable.
// Functions may be coroutine functions, which are awaited. With GCC 12 a lambda that captures
// something with a destructor is given a name first: `auto f = [...]...; users() | filter(f)`.

/// Everything that `source` gives: `[x async for x in source]`.
/// Returns: std::vector. Throws: what the source throws. Cancellation: of the source's await; what
/// was collected is lost. Fairness: yields only if the source waits. Threads: the loop's.
template <detail::async_source G>
[[nodiscard]] auto collect(G&& source) {
    return detail::collect_all<G>(std::forward<G>(source));
}

/// Those elements for which `keep(element)` is true.
template <class F>
auto filter(F&& keep) {
    detail::check_callable<F>();
    return detail::pipe_stage([keep = std::decay_t<F>(std::forward<F>(keep))]<class G>(
                                  G&& source) mutable {
        return detail::filter_each<G, std::decay_t<F>>(std::forward<G>(source), std::move(keep));
    });
}

/// `fn(element)` for each element.
template <class F>
auto transform(F&& fn) {
    detail::check_callable<F>();
    return detail::pipe_stage([fn = std::decay_t<F>(std::forward<F>(fn))]<class G>(
                                  G&& source) mutable {
        return detail::transform_each<G, std::decay_t<F>>(std::forward<G>(source), std::move(fn));
    });
}

/// The first `count` elements, without asking for one more.
inline auto take(std::size_t count) {
    return detail::pipe_stage([count]<class G>(G&& source) {
        return detail::take_first<G>(std::forward<G>(source), count);
    });
}

/// Pairs of a number and an element, counting from `start`.
inline auto enumerate(std::size_t start = 0) {
    return detail::pipe_stage([start]<class G>(G&& source) {
        return detail::enumerate_each<G>(std::forward<G>(source), start);
    });
}

/// Vectors of `size` elements; the last one may be shorter. Throws invalid_argument for size 0.
inline auto chunk(std::size_t size) {
    if (size == 0) {
        throw std::invalid_argument("chunk(0): a chunk has at least one element");
    }
    return detail::pipe_stage([size]<class G>(G&& source) {
        return detail::chunk_each<G>(std::forward<G>(source), size);
    });
}

/// Tuples of one element of each source, asked one after the other, until the first has ended.
template <detail::async_source... G>
    requires(sizeof...(G) > 0)
auto zip(G&&... sources) {
    return detail::zip_each<G...>(std::tuple<G...>(std::forward<G>(sources)...));
}

}  // namespace rondo
