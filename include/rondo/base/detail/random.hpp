// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace rondo {

/// A small pseudo-random generator whose sequence depends on the seed alone, on every machine.
/// For simulation and tests, not for secrets.
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
class random_source {
public:
    explicit random_source(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    /// A number in [0, bound). `bound` is at least 1.
    std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

    /// A number in [0, 1).
    double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

private:
    std::uint64_t state_;
};

}  // namespace rondo
