// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/aggregate.hpp>
#include <rondo/base/detail/object_table.hpp>

#include <cstddef>
#include <cstdint>

namespace rondo::json {

/// Some of the members of a T: what a PATCH sends. Reading requires none of them, checks those
/// that are there, and remembers which they were.
///
///     void update(item& stored, const json::partial<item>& sent) { sent.apply_to(stored); }
template <aggregate T>
class partial {
public:
    /// Whether the member was there: `sent.has(&item::name)`.
    template <class M>
    bool has(M T::* member) const noexcept {
        return (present_ >> index_of(member) & 1) != 0;
    }
    /// The member's value; its default if it was not there.
    template <class M>
    const M& get(M T::* member) const noexcept {
        return value_.*member;
    }
    template <class M>
    void set(M T::* member, M value) {
        value_.*member = std::move(value);
        present_ |= std::uint64_t{1} << index_of(member);
    }
    bool empty() const noexcept { return present_ == 0; }

    /// Copies the members that were there, and leaves the others alone.
    void apply_to(T& target) const {
        with_members(value_, [&](const auto&... from) {
            with_members(target, [&](auto&... to) {
                std::uint64_t bit = 1;
                ((present_ & bit ? static_cast<void>(to = from) : static_cast<void>(0), bit <<= 1),
                 ...);
            });
        });
    }

    static constexpr detail::partial_table rondo_type_table() {
        return {{detail::type_kind::partial, sizeof(partial), detail::spelled_type<partial>()},
                &detail::type_of<T>,
                alignof(T) > sizeof(std::uint64_t) ? alignof(T) : sizeof(std::uint64_t),
                0};
    }

private:
    template <class M>
    std::size_t index_of(M T::* member) const noexcept {
        const void* wanted = &(value_.*member);
        std::size_t index = 0;
        std::size_t found = 0;
        for_each_member(value_, [&](std::string_view, const auto& one) {
            if constexpr (std::is_same_v<decltype(one), const M&>) {
                found = wanted == static_cast<const void*>(&one) ? index : found;
            }
            ++index;
        });
        return found;
    }

    std::uint64_t present_ = 0;  // at the front, so that the table knows where both are
    T value_{};
};

}  // namespace rondo::json
