// SPDX-License-Identifier: MIT

// Stands in for a fuzzer where there is none: plays inputs that are drawn from seeds.
//     fuzz_x [N]          so many (default 3000)
//     fuzz_x FILE...      these
#include "fuzz/input.hpp"
#include <rondo/base/random.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

std::vector<std::uint8_t> draw(std::uint64_t seed) {
    // What an address and a text may have in them, more often than other bytes.
    static constexpr char likely[] = "0123456789abcdef:.%[]\n;";
    rondo::random_source lot(seed);
    std::vector<std::uint8_t> bytes(lot.below(200));
    for (auto& b : bytes) {
        b = lot.below(4) == 0 ? static_cast<std::uint8_t>(lot.below(256))
                              : static_cast<std::uint8_t>(likely[lot.below(sizeof likely - 1)]);
    }
    return bytes;
}

std::vector<std::uint8_t> read(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void play(const std::vector<std::uint8_t>& bytes) {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
    char* end = nullptr;
    const unsigned long count = argc == 2 ? std::strtoul(argv[1], &end, 10) : 3000;
    if (argc > 1 && (argc > 2 || *end != '\0')) {
        for (int i = 1; i < argc; ++i) {
            play(read(argv[i]));
        }
        return 0;
    }
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        play(draw(seed));
    }
}
