// SPDX-License-Identifier: MIT

// Any text is either no address, or one that is written and read again as the same.
#include "fuzz/input.hpp"
#include <rondo/io/address.hpp>

#include <stdexcept>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto port = static_cast<std::uint16_t>(in.byte() * 256 + in.byte());
    const std::string text = in.rest();
    try {
        const rondo::address a(text, port);
        const rondo::address again(a.host(), a.port());
        fuzz::require(a.port() == port, "an address has its port");
        fuzz::require(again == a, "the host of an address is that address");
        fuzz::require(a.to_string() == again.to_string(), "equal addresses look the same");
        fuzz::require(a.with_port(1).with_port(port) == a, "a port can be changed and back");
    } catch (const std::invalid_argument&) {  // text that is no address
    }
    return 0;
}
