// SPDX-License-Identifier: MIT
#include <rondo/json/detail/text.hpp>

namespace rondo::detail {
namespace {

struct character {
    std::size_t size;
    bool whole;  // otherwise as many bytes as could have begun one
};

character first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) {
        return {1, true};
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return {1, false};
    }
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    // The second byte of some is bounded: no overlong forms, no surrogates, no more than U+10FFFF.
    unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    std::size_t at = 1;
    while (at < size && at < text.size() && byte(at) >= lowest && byte(at) <= highest) {
        ++at;
        lowest = 0x80;
        highest = 0xbf;
    }
    return {at, at == size};
}

}  // namespace

std::string to_utf8(std::string_view text) {
    std::string made;
    while (!text.empty()) {
        const character first = first_of(text);
        made.append(first.whole ? text.substr(0, first.size) : "\xef\xbf\xbd");
        text.remove_prefix(first.size);
    }
    return made;
}

}  // namespace rondo::detail
