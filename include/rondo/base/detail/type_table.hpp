// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What compiled code knows about a type: a constant table. Readers, writers, validation and schemas
// are written once, over these tables; the templates in table_of.hpp only fill them in.

namespace rondo::detail {

enum class type_kind : std::uint8_t {
    boolean,
    integer,
    unsigned_integer,
    real,
    text,
    bytes,
    scalar,  // a class with parse() and to_string()
    enumeration,
    literal,
    instant,
    local_time,
    date,
    time_of_day,
    duration,
    uuid,
    decimal,
    optional,
    list,
    fixed_list,
    map,
    object,
    partial,
    variant,
    dynamic,  // json::value
    none,
};

struct type_table {
    type_kind kind;
    std::uint32_t size;
    const char* spelled;  // the compiler's name of the type, and more around it
};

/// Fills an object that a container has made; false drops it again.
struct filler {
    bool (*call)(void* context, void* object);
    void* context;
    bool operator()(void* object) const { return call(context, object); }
};

/// Sees the elements of a container. `key` is null but for maps.
struct visitor {
    void (*call)(void* context, const void* key, const void* item);
    void* context;
    void operator()(const void* key, const void* item) const { call(context, key, item); }
};

struct optional_table : type_table {
    const type_table* item;
    const void* (*get)(const void*);  // null when it is empty
    void* (*emplace)(void*);
    void (*reset)(void*);
    bool may_be_missing;  // std::optional; a null pointer is null but not missing
};

struct list_table : type_table {
    const type_table* item;
    bool unique;  // a set
    std::size_t (*length)(const void*);
    const void* (*data)(const void*);  // null for a list whose items do not lie in a row
    void (*each)(const void*, const visitor&);
    void (*clear)(void*, std::size_t expected);
    void (*add)(void*, const filler&);
};

/// std::array, std::pair, std::tuple.
struct fixed_list_table : type_table {
    std::size_t length;
    const type_table* const* items;
    void* (*at)(void*, std::size_t);
};

struct map_table : type_table {
    const type_table* key;
    const type_table* item;
    std::size_t (*length)(const void*);
    void (*each)(const void*, const visitor&);
    void (*clear)(void*);
    /// Replaces what the key had.
    void (*add)(void*, const filler& key, const filler& item);
};

struct variant_table : type_table {
    std::size_t count;
    const type_table* const* alternatives;
    std::size_t (*index)(const void*);
    const void* (*get)(const void*);
    void* (*emplace)(void*, std::size_t);
};

struct scalar_table : type_table {
    bool (*parse)(void*, std::string_view);
    std::string (*print)(const void*);
};

struct literal_table : type_table {
    std::size_t count;
    const std::string_view* names;  // the object holds the index, a byte
};

/// Dates, times and durations: a number of units of numerator/denominator seconds.
struct chrono_table : type_table {
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t (*load)(const void*);
    void (*store)(void*, std::int64_t);
    double (*load_real)(const void*);  // instead of the two above, for durations of doubles
    void (*store_real)(void*, double);
};
inline constexpr std::int64_t no_date = INT64_MIN;  // what load gives for 30 February

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept;
struct civil_date {
    std::int64_t year;
    unsigned month, day;
};
civil_date civil_from_days(std::int64_t days) noexcept;

struct enumerator_list;
struct enumeration_table : type_table {
    const enumerator_list& (*known)();
};

struct object_shape;
struct object_builder;

struct object_table : type_table {
    std::size_t count;  // of members that were found; 0 when describe names them
    const char* spelled_members;
    const type_table* const* types;
    const bool* trivial;  // members that an initialiser alone gives a value
    void (*offsets)(std::uint32_t*);
    void (*construct)(void*);  // as `T t;`, into painted memory; null when T cannot
    void (*destroy)(void*);
    const void* (*make)();  // as `new T()`
    void (*describe)(object_builder&);
    mutable const object_shape* shape;  // see shape_of
};

/// json::partial<T>: a T and a bit for each of its members.
struct partial_table : type_table {
    const object_table* whole;
    std::uint32_t value_offset;
    std::uint32_t present_offset;
};

/// The last component of a type's name, without namespaces: `item`, `page<item>`.
std::string short_type_name(const char* spelled);

template <class T>
constexpr const char* spelled_type() {
    return __PRETTY_FUNCTION__;
}

}  // namespace rondo::detail
