// SPDX-License-Identifier: MIT
#include "json/type_names.hpp"

namespace rondo::detail {

std::string loc_name(const type_table& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return "bool";
        case type_kind::integer:
        case type_kind::unsigned_integer:
            return "int";
        case type_kind::real:
            return "float";
        case type_kind::text:
            return "str";
        case type_kind::bytes:
            return "bytes";
        case type_kind::literal:
            return "literal";
        case type_kind::instant:
        case type_kind::local_time:
            return "datetime";
        case type_kind::date:
            return "date";
        case type_kind::time_of_day:
            return "time";
        case type_kind::duration:
            return "timedelta";
        case type_kind::uuid:
            return "uuid";
        case type_kind::decimal:
            return "decimal";
        case type_kind::optional:
            return "nullable[" + loc_name(*static_cast<const optional_table&>(type).item) + "]";
        case type_kind::list: {
            const auto& list = static_cast<const list_table&>(type);
            return (list.unique ? "set[" : "list[") + loc_name(*list.item) + "]";
        }
        case type_kind::fixed_list:
            return "tuple";
        case type_kind::map: {
            const auto& map = static_cast<const map_table&>(type);
            return "dict[" + loc_name(*map.key) + "," + loc_name(*map.item) + "]";
        }
        case type_kind::dynamic:
            return "any";
        case type_kind::partial:
            return short_type_name(static_cast<const partial_table&>(type).whole->spelled);
        case type_kind::variant:
            return "union";
        default:
            return short_type_name(type.spelled);
    }
}

}  // namespace rondo::detail
