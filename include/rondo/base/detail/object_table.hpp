// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/aggregate.hpp>
#include <rondo/base/detail/table_of.hpp>
#include <rondo/base/model.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <tuple>
#include <type_traits>

namespace rondo::detail {

template <class T>
concept found_members =
    listable<T> || (aggregate<T> && !describes_itself<T> && !described_elsewhere<T>);

template <class T, bool = found_members<T>>
struct object_members {
    static constexpr std::size_t count = 0;
    static constexpr const char* spelled = "";
    static constexpr const type_table* const* types = nullptr;
    static constexpr const bool* trivial = nullptr;
    static constexpr void (*offsets)(std::uint32_t*) = nullptr;
};

template <class M>
inline constexpr bool is_trivial_member =
    std::is_trivially_default_constructible_v<M> && !std::is_empty_v<M>;

template <class T>
struct object_members<T, true> {
    static constexpr std::size_t count = member_count<T>;
    static constexpr const char* spelled = spelled_members<T>();

    template <class>
    struct of;
    template <class... M>
    struct of<std::tuple<const M*...>> {
        static constexpr const type_table* types[] = {&type_of<M>...};
        static constexpr bool trivial[] = {is_trivial_member<M>...};
    };
    using members = of<decltype(member_addresses<T>())>;
    static constexpr const type_table* const* types = members::types;
    static constexpr const bool* trivial = members::trivial;

    static void offsets(std::uint32_t* to) {
        alignas(T) static unsigned char memory[sizeof(T)];
        with_members(*reinterpret_cast<T*>(memory), [&](auto&... member) {
            ((*to++ = static_cast<std::uint32_t>(reinterpret_cast<const unsigned char*>(&member) -
                                                 memory)),
             ...);
        });
    }
};

template <class T>
struct table_maker<T, type_kind::object> {
    using type = object_table;
    using members = object_members<T>;
    static constexpr bool makable = std::is_default_constructible_v<T>;

    [[gnu::noinline]] static void construct(void* p) { ::new (p) T; }
    static void destroy(void* p) { as<T>(p).~T(); }
    static const void* made() { return new T(); }
    static void describe_it(object_builder& builder) {
        model<T> m(builder);
        if constexpr (describes_itself<T>) {
            T::describe(m);
        } else if constexpr (described_elsewhere<T>) {
            describe(m);
        }
    }
    static constexpr void (*construct_if_makable())(void*) {
        if constexpr (makable) {
            return &construct;
        } else {
            return nullptr;
        }
    }
    static constexpr const void* (*made_if_makable())() {
        if constexpr (makable) {
            return &made;
        } else {
            return nullptr;
        }
    }
    static constexpr type make() {
        return {plain_table<T>(type_kind::object),
                members::count,
                members::spelled,
                members::types,
                members::trivial,
                members::offsets,
                construct_if_makable(),
                &destroy,
                made_if_makable(),
                &describe_it,
                nullptr};
    }
};

}  // namespace rondo::detail
