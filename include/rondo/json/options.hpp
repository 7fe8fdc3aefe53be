// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::json {

/// What is written for NaN and infinities, which JSON does not have.
enum class nan_policy : std::uint8_t {
    null,   // as pydantic
    error,  // encode_error
};

/// What two members of one name in one object are.
enum class duplicates_policy : std::uint8_t {
    last_wins,  // as Python
    error,      // decode_error
};

struct dump_options {
    /// Spaces a level, on lines of their own; -1 for one line without spaces.
    int indent = -1;
    /// Members of all objects in the order of their names.
    bool sort_keys = false;
    nan_policy nan = nan_policy::null;
    /// Leaves members out that are null.
    bool exclude_none = false;
    /// Leaves members out that equal their default.
    bool exclude_defaults = false;
};

struct load_options {
    /// No conversion from strings and the like: "1" is no number.
    bool strict = false;
    duplicates_policy duplicates = duplicates_policy::last_wins;
    /// Reading ends at so many faults.
    std::size_t max_errors = 1000;
};

}  // namespace rondo::json
