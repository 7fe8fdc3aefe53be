// SPDX-License-Identifier: MIT
// expect: rondo knows the enumerators of an enum class
#include <rondo/base/enumeration.hpp>

#include <array>

enum colour { red = 70, green };
#ifdef RONDO_GOOD
constexpr auto enumerators(colour) { return std::array{std::pair("red", red)}; }
#endif

std::string_view name(colour c) { return rondo::enumerator_name(c); }
