// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

/// What a fuzzer calls, over and over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

/// The bytes of an input as choices; when they are used up, everything is zero.
class input {
public:
    input(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

    std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
    int below(int bound) { return byte() % bound; }
    bool empty() const { return at_ == end_; }
    std::string rest() { return std::string(at_, end_); }

private:
    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

inline void require(bool kept, const char* promise) {
    if (!kept) {
        std::fprintf(stderr, "broken: %s\n", promise);
        std::abort();
    }
}

}  // namespace fuzz
