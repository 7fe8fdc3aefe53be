// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::http::detail {

/// A part of a representation: never empty.
struct byte_range {
    std::uint64_t first = 0;
    std::uint64_t size = 0;

    friend bool operator==(const byte_range&, const byte_range&) = default;
};

struct wanted_ranges {
    bool valid = false;              // else the header is to be ignored
    std::vector<byte_range> ranges;  // those that can be satisfied; none is 416
};

/// What a Range header asks for, of so many bytes. RFC 9110 §14.2. Ignored, as that allows, are
/// other units, more than 16 ranges, and ranges that ask for more bytes than there are.
wanted_ranges parse_ranges(std::string_view header, std::uint64_t size);

/// "bytes 0-4/9", for Content-Range.
std::string range_text(const byte_range& range, std::uint64_t size);

}  // namespace rondo::http::detail
