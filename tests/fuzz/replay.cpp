// SPDX-License-Identifier: MIT

// Stands in for a fuzzer where there is none: plays inputs that are drawn from seeds.
//     fuzz_x [N]          so many (default 3000)
//     fuzz_x FILE...      these
#include "fuzz/input.hpp"
#include "torture/arguments.hpp"
#include <rondo/base/detail/random.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace {

std::vector<std::uint8_t> draw(std::uint64_t seed) {
    // What an address, a text and JSON may have in them, more often than other bytes.
    static constexpr char likely[] = "0123456789abcdef:.%[]\n;{}\",-";
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
    if (!file) {
        std::fprintf(stderr, "'%s' is neither a number (1 to 999999999) nor a file\n", path);
        std::exit(2);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

void play(const std::vector<std::uint8_t>& bytes) {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
    const auto count = argc == 2 ? torture::number(argv[1]) : std::nullopt;
    if (argc > 1 && !count) {
        for (int i = 1; i < argc; ++i) {
            play(read(argv[i]));
        }
        return 0;
    }
    for (std::uint64_t seed = 0; seed < count.value_or(3000); ++seed) {
        play(draw(seed));
    }
}
