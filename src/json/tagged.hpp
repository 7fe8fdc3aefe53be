// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/object_shape.hpp>

#include <string_view>

namespace rondo::detail {

/// The member that tells the alternatives of a variant apart: every one is a class with a
/// json::literal of this name. Empty if there is none.
std::string_view tag_of(const variant_table& type);

/// The literals of that member in one alternative.
const literal_table& tags_of(const type_table& alternative, std::string_view tag_name);

}  // namespace rondo::detail
