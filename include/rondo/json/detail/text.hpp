// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>
#include <rondo/json/errors.hpp>
#include <rondo/json/object.hpp>
#include <rondo/json/options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The compiled side: what json.hpp's templates call with the table of their type.

namespace rondo::detail {

/// Appends.
void write_json(std::string& to, const type_table& type, const void* from,
                const json::dump_options& options);

/// Throws json::decode_error or json::validation_error.
void read_json(std::string_view text, const type_table& type, void* to,
               const json::load_options& options);

/// Appends what is wrong to `errors`, under the names that `under` begins with; throws
/// json::decode_error for what is no JSON.
bool try_read_json(std::string_view text, const type_table& type, void* to,
                   const struct rules& rule, const json::load_options& options,
                   const json::array& under, std::vector<json::error_detail>& errors);

/// The text, with U+FFFD for what is no UTF-8, as Python's `errors="replace"`.
std::string to_utf8(std::string_view text);

/// Reads a scalar, or an optional one, from plain text: a parameter of a path or a query. What is
/// no UTF-8 is read as to_utf8() of it.
bool try_read_text(std::string_view text, const type_table& type, void* to,
                   const struct rules& rule, const json::array& under,
                   std::vector<json::error_detail>& errors);

/// Reads a list of scalars from plain texts: a parameter that a query repeats.
bool try_read_texts(const std::vector<std::string_view>& texts, const type_table& type, void* to,
                    const struct rules& rule, const json::array& under,
                    std::vector<json::error_detail>& errors);

/// Reads a class from names and plain texts: the parameters of a query, the fields of a form. A
/// member that is a list takes all texts of its name, another the last one.
bool try_read_fields(const std::vector<std::pair<std::string_view, std::string_view>>& fields,
                     const object_table& type, void* to, const json::array& under,
                     std::vector<json::error_detail>& errors);

/// The classes of one or several schemas, each under a name of its own.
struct schema_book {
    json::object definitions;
    std::vector<std::pair<const type_table*, std::string>> names;
};

/// A schema that refers to classes as `prefix` + name; they stand in the book.
json::value json_schema(const type_table& type, std::string_view prefix, schema_book& book);

/// The same of a value that rules bound: a parameter.
json::value json_schema(const type_table& type, const struct rules& rule, std::string_view prefix,
                        schema_book& book);

/// Makes the rules of a parameter ready; throws std::logic_error for those that contradict
/// themselves, which names `owner`.
void prepare_rules(struct rules& rule, const std::string& owner);

/// Runs describe and compiles patterns of a type and all that it holds; throws std::logic_error for
/// what contradicts itself.
void prepare_json(const type_table& type);

}  // namespace rondo::detail
