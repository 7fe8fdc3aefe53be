// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_shape.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rondo {

class decimal;

/// Names for `m.rename`: `created_at` becomes `createdAt`, `CreatedAt`, `created-at`.
std::string camel_case(std::string_view name);
std::string pascal_case(std::string_view name);
std::string kebab_case(std::string_view name);

namespace detail {

template <class T>
struct table_of;
template <class T>
const type_table& table_for();

template <class T>
concept nullable_value = requires(T& t) {
    t.reset();
    *t;
    static_cast<bool>(t);
};

/// What rules are about: the T of an optional<T>.
template <class T>
struct ruled {
    using type = T;
};
template <nullable_value T>
struct ruled<T> {
    using type = std::remove_cvref_t<decltype(*std::declval<T&>())>;
};

template <class T>
concept number_like = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;
template <class T>
concept duration_like = requires(const T& t) {
    typename T::rep;
    typename T::period;
    T::zero();
    t.count();
};
template <class T>
concept bounded = number_like<T> || duration_like<T> || std::is_same_v<T, decimal>;
template <class T>
concept counted = requires(const T& t) {
    t.size();
    t.empty();
};
template <class T>
concept text_like = std::is_same_v<T, std::string>;
template <class T>
concept keyed = requires { typename T::mapped_type; };

template <class T>
struct item_of;
template <class T>
    requires(counted<T> && !keyed<T> && !text_like<T>)
struct item_of<T> {
    using type = typename T::value_type;
};
template <keyed T>
struct item_of<T> {
    using type = typename T::mapped_type;
};

template <bounded V>
bound bound_of(const V& value) {
    bound b;
    b.set = true;
    if constexpr (std::is_floating_point_v<V>) {
        b.real = value;
    } else if constexpr (std::is_unsigned_v<V>) {
        b.unsigned_integer = value;
    } else if constexpr (std::is_integral_v<V>) {
        b.integer = value;
    } else if constexpr (duration_like<V>) {
        b.integer = static_cast<std::int64_t>(value.count());
        b.real = static_cast<double>(value.count());
    } else {
        b.decimal = value.to_string();
    }
    return b;
}

template <class Checked, class F>
constexpr auto erased_check(F) {
    static_assert(std::is_empty_v<F> && std::is_default_constructible_v<F>,
                  "check takes a lambda without captures");
    return
        [](const void* value) -> const char* { return F{}(*static_cast<const Checked*>(value)); };
}

}  // namespace detail

/// The rules of one member, in `describe`: each call adds one and returns the same object.
template <class M>
class field_rules {
public:
    using value_type = typename detail::ruled<M>::type;

    explicit field_rules(detail::rules& rules) noexcept : rules_(&rules) {}

    field_rules gt(value_type v)
        requires detail::bounded<value_type>
    {
        return set(&R::gt, v);
    }
    field_rules ge(value_type v)
        requires detail::bounded<value_type>
    {
        return set(&R::ge, v);
    }
    field_rules lt(value_type v)
        requires detail::bounded<value_type>
    {
        return set(&R::lt, v);
    }
    field_rules le(value_type v)
        requires detail::bounded<value_type>
    {
        return set(&R::le, v);
    }
    field_rules multiple_of(value_type v)
        requires detail::bounded<value_type>
    {
        return set(&R::multiple_of, v);
    }
    /// Strings count code points, containers items.
    field_rules min_length(std::size_t n)
        requires detail::counted<value_type>
    {
        return set(&R::min_length, n);
    }
    field_rules max_length(std::size_t n)
        requires detail::counted<value_type>
    {
        return set(&R::max_length, n);
    }
    /// A regular expression that is found in the text; `^…$` for all of it.
    field_rules pattern(std::string expression)
        requires detail::text_like<value_type>
    {
        return set(&R::pattern, std::move(expression));
    }
    /// The name on the wire, instead of the member's.
    field_rules alias(std::string name) { return set(&R::alias, std::move(name)); }
    field_rules title(std::string text) { return set(&R::title, std::move(text)); }
    field_rules description(std::string text) { return set(&R::description, std::move(text)); }
    template <class... V>
    field_rules examples(V... values) {
        (rules_->examples.push_back(new M(std::move(values))), ...);
        return *this;
    }
    field_rules deprecated() { return set(&R::deprecated, true); }
    field_rules strict() { return set(&R::strict, true); }
    field_rules required() { return set(&R::required, true); }
    field_rules optional() { return set(&R::optional, true); }
    /// Never read; the member keeps its default.
    field_rules read_only() { return set(&R::read_only, true); }
    /// Never written: passwords.
    field_rules write_only() { return set(&R::write_only, true); }
    /// `fn(value)` is nullptr, or says what is wrong with it.
    template <class F>
    field_rules check(F fn) {
        rules_->checks.push_back(detail::erased_check<value_type>(fn));
        return *this;
    }
    /// The rules of each item of a list, or of each value of a map.
    auto each()
        requires requires { typename detail::item_of<value_type>::type; }
    {
        return field_rules<typename detail::item_of<value_type>::type>(nested(rules_->each));
    }
    /// The rules of each key of a map.
    auto keys()
        requires detail::keyed<value_type>
    {
        return field_rules<typename value_type::key_type>(nested(rules_->keys));
    }

private:
    using R = detail::rules;

    template <class V>
    field_rules set(V R::* rule, V value) {
        rules_->*rule = std::move(value);
        return *this;
    }
    field_rules set(detail::bound R::* rule, const value_type& value) {
        rules_->*rule = detail::bound_of(value);
        return *this;
    }
    static R& nested(R*& rules) { return rules != nullptr ? *rules : *(rules = new R); }

    R* rules_;
};

/// What `static void describe(auto& m)` of a class T is called with, or for a class of somebody
/// else `void describe(rondo::model<theirs::point>& m)` in its namespace. It runs once, when the
/// type is first used.
///
///     static void describe(auto& m) {
///         m(&item::price).gt(0).description("in euro");
///         m(&item::tags).optional().max_length(20);
///         m.forbid_extra();
///     }
template <class T>
class model {
public:
    explicit model(detail::object_builder& builder) noexcept : builder_(&builder) {}

    /// A member that was found by itself.
    template <class M>
    field_rules<M> operator()(M T::* member) {
        return field_rules<M>(builder_->find(offset_of(member), detail::table_for<M>()));
    }

    /// A member by hand: private ones, those of base classes, more than 64. Then only what is named
    /// counts.
    template <class M, class C>
        requires std::is_base_of_v<C, T>
    field_rules<M> member(std::string_view name, M C::* member) {
        return field_rules<M>(builder_->add(name, offset_of(member), detail::table_for<M>()));
    }

    /// The names of all members without an alias: `m.rename(rondo::camel_case)`.
    model& rename(std::string (*style)(std::string_view)) {
        builder_->shape.rename = style;
        return *this;
    }
    /// Unknown members are errors; else they are ignored.
    model& forbid_extra() {
        builder_->shape.forbid_extra = true;
        return *this;
    }
    /// No conversion from strings and the like.
    model& strict() {
        builder_->shape.strict = true;
        return *this;
    }
    model& title(std::string text) {
        builder_->shape.title = std::move(text);
        return *this;
    }
    model& description(std::string text) {
        builder_->shape.description = std::move(text);
        return *this;
    }
    /// `fn(object)`, once all members are right, is nullptr or says what is wrong with it.
    template <class F>
    model& check(F fn) {
        builder_->shape.checks.push_back(detail::erased_check<T>(fn));
        return *this;
    }

private:
    template <class M, class C>
    static std::uint32_t offset_of(M C::* member) {
        alignas(T) static unsigned char memory[sizeof(T)];
        const T* object = reinterpret_cast<const T*>(memory);
        const auto* at = reinterpret_cast<const unsigned char*>(&(object->*member));
        return static_cast<std::uint32_t>(at - memory);
    }

    detail::object_builder* builder_;
};

}  // namespace rondo
