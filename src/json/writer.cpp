// SPDX-License-Identifier: MIT
#include "json/base64.hpp"
#include "json/document.hpp"
#include "json/output.hpp"
#include "json/times.hpp"
#include <rondo/base/decimal.hpp>
#include <rondo/base/detail/object_shape.hpp>
#include <rondo/base/enumeration.hpp>
#include <rondo/base/uuid.hpp>
#include <rondo/json/json.hpp>

#include <algorithm>
#include <cmath>

namespace rondo::detail {
namespace {

using json::dump_options;
using json::encode_error;

template <class T>
const T& at(const void* p) {
    return *static_cast<const T*>(p);
}

std::int64_t signed_at(const void* p, std::uint32_t size) noexcept {
    switch (size) {
        case 1:
            return at<std::int8_t>(p);
        case 2:
            return at<std::int16_t>(p);
        case 4:
            return at<std::int32_t>(p);
        default:
            return at<std::int64_t>(p);
    }
}

std::uint64_t unsigned_at(const void* p, std::uint32_t size) noexcept {
    switch (size) {
        case 1:
            return at<std::uint8_t>(p);
        case 2:
            return at<std::uint16_t>(p);
        case 4:
            return at<std::uint32_t>(p);
        default:
            return at<std::uint64_t>(p);
    }
}

std::string_view name_of(const void* p, const enumeration_table& table) {
    const enumerator* found = table.known().find(signed_at(p, table.size));
    if (found == nullptr) {
        throw encode_error(std::to_string(signed_at(p, table.size)) + " is no enumerator of " +
                           short_type_name(table.spelled));
    }
    return found->name;
}

exact_seconds time_of(const void* p, const chrono_table& table) {
    const auto time = from_units(table.load(p), table);
    if (!time) {
        throw encode_error("a time is out of range, or no whole number of nanoseconds");
    }
    return *time;
}

std::string date_of(const void* p, const chrono_table& table) {
    const std::int64_t days = table.load(p);
    if (days == no_date) {
        throw encode_error("a date does not exist: year_month_day is not ok()");
    }
    return format_date(days);
}

std::string duration_of(const void* p, const chrono_table& table) {
    if (table.load_real == nullptr) {
        return format_duration(time_of(p, table));
    }
    const double seconds = table.load_real(p) * static_cast<double>(table.numerator) /
                           static_cast<double>(table.denominator);
    if (!(std::fabs(seconds) < 1e14)) {
        throw encode_error("a duration is not finite, or too long");
    }
    const double whole = std::floor(seconds);
    const auto part = static_cast<std::int64_t>((seconds - whole) * 1e9);
    return format_duration({static_cast<std::int64_t>(whole), part});
}

/// The string that stands for a value that is none of JSON's own.
std::string text_of(const void* p, const type_table& table) {
    switch (table.kind) {
        case type_kind::scalar:
            return static_cast<const scalar_table&>(table).print(p);
        case type_kind::bytes:
            return base64(at<std::vector<std::byte>>(p));
        case type_kind::uuid:
            return at<uuid>(p).to_string();
        case type_kind::decimal:
            return at<decimal>(p).to_string();
        default:
            break;
    }
    const auto& time = static_cast<const chrono_table&>(table);
    switch (table.kind) {
        case type_kind::date:
            return date_of(p, time);
        case type_kind::duration:
            return duration_of(p, time);
        case type_kind::time_of_day:
            return format_time_of_day(time_of(p, time), time);
        case type_kind::local_time:
            return format_date_time(time_of(p, time), time);
        default:
            return format_date_time(time_of(p, time), time) + 'Z';
    }
}

class writer {
public:
    writer(std::string& to, const dump_options& options) : out_(to), options_(options) {}

    void write(const void* p, const type_table& table);
    void finish() { out_.flush(); }

private:
    /// Writes commas between what is called `each`.
    struct separator {
        output& out;
        bool first = true;
        void operator()() {
            if (!first) {
                out.put(',');
            }
            first = false;
        }
    };

    void real(const void* p, std::uint32_t size);
    void list(const void* p, const list_table& table);
    void fixed_list(const void* p, const fixed_list_table& table);
    void map(const void* p, const map_table& table);
    void key(const void* p, const type_table& table);
    void object(const void* p, const object_table& table, const std::uint64_t* present);
    bool is_left_out(const field& field, const void* p, const void* prototype);
    void dynamic(const json::value& v);
    void enter() {
        if (++depth_ > deepest_json) {
            throw encode_error("values are nested deeper than 128");
        }
    }

    output out_;
    const dump_options& options_;
    std::size_t depth_ = 0;
};

void writer::write(const void* p, const type_table& table) {
    switch (table.kind) {
        case type_kind::boolean:
            return out_.raw(at<bool>(p) ? "true" : "false");
        case type_kind::integer:
            return out_.integer(signed_at(p, table.size));
        case type_kind::unsigned_integer:
            return out_.unsigned_integer(unsigned_at(p, table.size));
        case type_kind::real:
            return real(p, table.size);
        case type_kind::text:
            return out_.quoted(at<std::string>(p));
        case type_kind::enumeration:
            return out_.quoted(name_of(p, static_cast<const enumeration_table&>(table)));
        case type_kind::literal:
            return out_.quoted(static_cast<const literal_table&>(table).names[at<std::uint8_t>(p)]);
        case type_kind::optional: {
            const auto& held = static_cast<const optional_table&>(table);
            const void* item = held.get(p);
            return item != nullptr ? write(item, *held.item) : out_.raw("null");
        }
        case type_kind::variant: {
            const auto& held = static_cast<const variant_table&>(table);
            const std::size_t index = held.index(p);
            if (index >= held.count) {
                throw encode_error("a variant is valueless");
            }
            return write(held.get(p), *held.alternatives[index]);
        }
        case type_kind::dynamic:
            return dynamic(at<json::value>(p));
        case type_kind::list:
            return list(p, static_cast<const list_table&>(table));
        case type_kind::fixed_list:
            return fixed_list(p, static_cast<const fixed_list_table&>(table));
        case type_kind::map:
            return map(p, static_cast<const map_table&>(table));
        case type_kind::object:
            return object(p, static_cast<const object_table&>(table), nullptr);
        case type_kind::partial: {
            const auto& part = static_cast<const partial_table&>(table);
            const auto* base = static_cast<const char*>(p);
            return object(base + part.value_offset, *part.whole,
                          &at<std::uint64_t>(base + part.present_offset));
        }
        default:
            return out_.quoted(text_of(p, table));
    }
}

void writer::real(const void* p, std::uint32_t size) {
    const double value = size == 4 ? static_cast<double>(at<float>(p)) : at<double>(p);
    if (!std::isfinite(value)) [[unlikely]] {
        if (options_.nan == json::nan_policy::error) {
            throw encode_error("NaN and infinity are no JSON");
        }
        return out_.raw("null");
    }
    return size == 4 ? out_.real(at<float>(p)) : out_.real(value);
}

void writer::list(const void* p, const list_table& table) {
    enter();
    out_.put('[');
    separator comma{out_};
    if (table.data != nullptr) {
        const auto* item = static_cast<const char*>(table.data(p));
        for (std::size_t n = table.length(p); n > 0; --n, item += table.item->size) {
            comma();
            write(item, *table.item);
        }
    } else {
        auto one = [&](const void* item) {
            comma();
            write(item, *table.item);
        };
        table.each(p, {[](void* context, const void*, const void* item) {
                           (*static_cast<decltype(one)*>(context))(item);
                       },
                       &one});
    }
    out_.put(']');
    --depth_;
}

void writer::fixed_list(const void* p, const fixed_list_table& table) {
    enter();
    out_.put('[');
    separator comma{out_};
    for (std::size_t i = 0; i < table.length; ++i) {
        comma();
        write(table.at(const_cast<void*>(p), i), *table.items[i]);
    }
    out_.put(']');
    --depth_;
}

void writer::map(const void* p, const map_table& table) {
    enter();
    out_.put('{');
    separator comma{out_};
    auto one = [&](const void* name, const void* item) {
        comma();
        key(name, *table.key);
        out_.put(':');
        write(item, *table.item);
    };
    table.each(p, {[](void* context, const void* name, const void* item) {
                       (*static_cast<decltype(one)*>(context))(name, item);
                   },
                   &one});
    out_.put('}');
    --depth_;
}

/// A name is a string, so numbers get quotes.
void writer::key(const void* p, const type_table& table) {
    const bool bare = table.kind == type_kind::integer ||
                      table.kind == type_kind::unsigned_integer || table.kind == type_kind::boolean;
    if (bare) {
        out_.put('"');
    }
    write(p, table);
    if (bare) {
        out_.put('"');
    }
}

bool is_null(const type_table& table, const void* p) {
    return (table.kind == type_kind::optional &&
            static_cast<const optional_table&>(table).get(p) == nullptr) ||
           (table.kind == type_kind::dynamic && at<json::value>(p).is_null());
}

bool writer::is_left_out(const field& field, const void* p, const void* prototype) {
    if (field.rule->write_only || (options_.exclude_none && is_null(*field.type, p))) {
        return true;
    }
    if (!options_.exclude_defaults || prototype == nullptr || field.required) {
        return false;
    }
    std::string mine;
    std::string standard;
    const auto* base = static_cast<const char*>(prototype);
    write_json(mine, *field.type, p, {});
    write_json(standard, *field.type, base + field.offset, {});
    return mine == standard;
}

void writer::object(const void* p, const object_table& table, const std::uint64_t* present) {
    const object_shape& shape = shape_of(table);
    enter();
    out_.put('{');
    separator comma{out_};
    std::uint64_t bit = 1;
    for (const auto& field : shape.fields) {
        const void* member = static_cast<const char*>(p) + field.offset;
        const bool absent = present != nullptr && (*present & bit) == 0;
        bit <<= 1;
        const bool asked =
            field.rule->write_only || options_.exclude_none || options_.exclude_defaults;
        if (absent || (asked && is_left_out(field, member, shape.prototype))) {
            continue;
        }
        comma();
        out_.raw(field.key);
        write(member, *field.type);
    }
    out_.put('}');
    --depth_;
}

void writer::dynamic(const json::value& v) {
    switch (v.kind()) {
        case json::kind::null:
            return out_.raw("null");
        case json::kind::boolean:
            return out_.raw(v.get<bool>() ? "true" : "false");
        case json::kind::integer:
            return out_.integer(v.get<std::int64_t>());
        case json::kind::unsigned_integer:
            return out_.unsigned_integer(v.get<std::uint64_t>());
        case json::kind::real: {
            const double d = v.get<double>();
            return real(&d, sizeof d);
        }
        case json::kind::string:
            return out_.quoted(v.get<std::string>());
        default:
            break;
    }
    enter();
    separator comma{out_};
    out_.put(v.is_array() ? '[' : '{');
    if (v.is_array()) {
        for (const auto& item : v.get<json::array>()) {
            comma();
            dynamic(item);
        }
    } else {
        for (const auto& [name, item] : v.get<json::object>()) {
            comma();
            out_.quoted(name);
            out_.put(':');
            dynamic(item);
        }
    }
    out_.put(v.is_array() ? ']' : '}');
    --depth_;
}

// ---- Other layouts, made of what was written ----------------------------------------------------

/// Spreads JSON over lines.
void append_indented(std::string& to, std::string_view compact, std::size_t spaces) {
    std::size_t depth = 0;
    const auto line = [&] {
        to += '\n';
        to.append(depth * spaces, ' ');
    };
    for (std::size_t i = 0; i < compact.size(); ++i) {
        const char c = compact[i];
        if (c == '"') {
            std::size_t end = i + 1;
            while (compact[end] != '"') {
                end += compact[end] == '\\' ? 2 : 1;
            }
            to.append(compact, i, end + 1 - i);
            i = end;
        } else if ((c == '[' || c == '{') && compact[i + 1] == c + 2) {
            to.append({c, compact[++i]});
        } else if (c == '[' || c == '{') {
            to += c;
            ++depth;
            line();
        } else if (c == ']' || c == '}') {
            --depth;
            line();
            to += c;
        } else {
            to += c;
            if (c == ',') {
                line();
            } else if (c == ':') {
                to += ' ';
            }
        }
    }
}

json::value sorted(const json::value& v) {
    if (v.is_array()) {
        json::array items;
        for (const auto& item : v.get<json::array>()) {
            items.push_back(sorted(item));
        }
        return items;
    }
    if (!v.is_object()) {
        return v;
    }
    std::vector<json::object::member> members;
    for (const auto& [name, item] : v.get<json::object>()) {
        members.emplace_back(name, sorted(item));
    }
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return json::object(std::move(members));
}

}  // namespace

void write_json(std::string& to, const type_table& table, const void* from,
                const dump_options& options) {
    if (options.indent < 0 && !options.sort_keys) {
        writer w(to, options);
        w.write(from, table);
        w.finish();
        return;
    }
    dump_options plain = options;
    plain.indent = -1;
    plain.sort_keys = false;
    std::string compact;
    write_json(compact, table, from, plain);
    if (options.sort_keys) {
        const json::value ordered = sorted(json::loads(compact));
        compact.clear();
        write_json(compact, type_of<json::value>, &ordered, plain);
    }
    if (options.indent < 0) {
        to += compact;
    } else {
        append_indented(to, compact, static_cast<std::size_t>(options.indent));
    }
}

}  // namespace rondo::detail
