// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/type_table.hpp>

#include <string>

namespace rondo::detail {

/// What a type is called in the path of an error, by pydantic: `int`, `list[str]`, a class's name.
std::string loc_name(const type_table& type);

}  // namespace rondo::detail
