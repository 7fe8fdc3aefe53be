// SPDX-License-Identifier: MIT
#include <rondo/base/aggregate.hpp>
#include <rondo/base/enumeration.hpp>

namespace rondo::detail {

const enumerator* enumerator_list::find(std::string_view name) const noexcept {
    for (const auto& one : all) {
        if (one.name == name) {
            return &one;
        }
    }
    return nullptr;
}

const enumerator* enumerator_list::find(std::int64_t value) const noexcept {
    for (const auto& one : all) {
        if (one.value == value) {
            return &one;
        }
    }
    return nullptr;
}

enumerator_list cut_enumerators(const char* spelled) {
    // GCC: "… E ...Values = {shop::color::red, (shop::color)1, …}]", clang: "Values = <…>]".
    std::string_view rest = spelled;
    rest.remove_prefix(rest.rfind("Values = ") + 10);
    rest.remove_suffix(2);
    // From the back, where nothing but values stands: the name of a type may hold commas.
    enumerator_list list;
    for (int value = most_enumerators - 1; value >= 0; --value) {
        std::size_t begin = rest.size();
        while (begin > 0 && is_name_character(rest[begin - 1])) {
            --begin;
        }
        if (begin == 0 || rest[begin - 1] != ')') {  // no cast
            list.all.insert(list.all.begin(), {without_underscore(rest.substr(begin)), value});
        }
        // Over the type of this value, to the comma before it.
        int depth = 0;
        while (begin > 0 &&
               !(depth == 0 && rest[begin - 1] == ' ' && begin > 1 && rest[begin - 2] == ',')) {
            const char c = rest[--begin];
            depth += (c == ')' || c == '>' || c == '}') - (c == '(' || c == '<' || c == '{');
        }
        rest = rest.substr(0, begin > 1 ? begin - 2 : 0);
    }
    return list;
}

}  // namespace rondo::detail
