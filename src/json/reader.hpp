// SPDX-License-Identifier: MIT
#pragma once

#include "json/document.hpp"
#include "json/rules.hpp"
#include <rondo/base/detail/object_shape.hpp>
#include <rondo/json/errors.hpp>
#include <rondo/json/options.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::detail {

json::value to_value(node n);

/// How far an input may be from the type.
enum class strictness : std::uint8_t {
    lax,     // "1" is a number
    strict,  // only a number is
    exact,   // and an integer is no double: how alternatives of a variant are first tried
};

/// Fills an object in by its table, and collects what is wrong with the input.
class reader {
public:
    reader(const json::load_options& options, std::size_t text_size, const json::array& under,
           std::vector<json::error_detail>& errors)
        : options_(options),
          under_(under),
          errors_(errors),
          attempts_left_(10'000 + 16 * text_size),
          mode_(options.strict ? strictness::strict : strictness::lax) {}

    /// Whether all of it is right; if not, `to` holds some of it.
    bool read(node n, const type_table& type, void* to, const rules& rule);

    /// Thrown when there are as many errors as anybody wants to see.
    struct enough {};

private:
    /// A name or an index on the way to the value that is being read.
    struct step {
        reader& owner;
        const step* up;
        std::string_view name;
        std::size_t index = 0;

        step(reader& r, std::string_view n) : owner(r), up(r.here_), name(n) { r.here_ = this; }
        step(reader& r, std::size_t i) : owner(r), up(r.here_), index(i) { r.here_ = this; }
        ~step() { owner.here_ = up; }
        step(const step&) = delete;
        step& operator=(const step&) = delete;
    };

    bool read_kind(node n, const type_table& type, void* to, const rules& rule);
    bool read_optional(node n, const optional_table& type, void* to, const rules& rule);
    bool read_list(node n, const list_table& type, void* to, const rules& rule);
    bool read_fixed_list(node n, const fixed_list_table& type, void* to);
    bool read_map(node n, const map_table& type, void* to, const rules& rule);
    bool read_key(node n, const type_table& type, void* to, const rules& rule);

    // reader_object.cpp
    bool read_object(node n, const object_table& type, void* to, std::uint64_t* present);
    bool read_members(node n, const object_shape& shape, const node* members, void* to, bool all);
    bool report_extra(node n, const object_shape& shape);
    bool check_object(node n, const object_shape& shape, const void* object);

    // reader_variant.cpp
    bool read_variant(node n, const variant_table& type, void* to, const rules& rule);
    bool read_tagged(node n, const variant_table& type, std::string_view tag_name, void* to,
                     const rules& rule);
    bool try_alternatives(node n, const variant_table& type, void* to, const rules& rule,
                          strictness mode);

    // reader_scalar.cpp
    bool read_scalar(node n, const type_table& type, void* to);
    bool read_boolean(node n, void* to);
    bool read_integer(node n, const type_table& type, void* to);
    bool read_real(node n, const type_table& type, void* to);
    bool read_text(node n, void* to);
    bool read_bytes(node n, void* to);
    bool read_own(node n, const scalar_table& type, void* to);
    bool read_enumeration(node n, const enumeration_table& type, void* to);
    bool read_literal(node n, const literal_table& type, void* to);
    bool read_uuid(node n, void* to);
    bool read_decimal(node n, void* to);
    bool read_time(node n, const chrono_table& type, void* to);
    bool fail_expected(node n, const char* type, const std::vector<std::string_view>& names);

    /// One fault is enough for an alternative that is only tried.
    bool is_hopeless(bool right) const noexcept { return !right && trying_ > 0; }
    bool is_lax() const noexcept { return mode_ == strictness::lax; }

    /// Notes an error, and is false.
    bool fail(node input, complaint what);
    bool fail(node input, const char* type, std::string msg) {
        return fail(input, complaint{type, std::move(msg)});
    }
    json::array location() const;

    const json::load_options& options_;
    const json::array& under_;
    std::vector<json::error_detail>& errors_;
    const step* here_ = nullptr;
    const type_table* whose_ = nullptr;  // the class whose input an error echoes
    std::size_t attempts_left_;
    int trying_ = 0;     // inside alternatives of which one may still fit: errors are not kept
    int concealed_ = 0;  // inside a write-only member: its value is not echoed
    strictness mode_;
};

/// An input as it is echoed: cut where it is long, and without write-only members.
json::value echo(node n, const type_table* type);

const rules& no_rules();

/// A lambda as a filler.
template <class F>
filler as_filler(F& f) {
    return {[](void* context, void* object) { return (*static_cast<F*>(context))(object); }, &f};
}

}  // namespace rondo::detail
