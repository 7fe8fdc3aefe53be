// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace torture {

/// Tells whoever waits for a long run, every few seconds and on stderr, how far it is.
class progress {
public:
    /// "1,200 of 3,000 seeds, no failure yet"
    void tell(long long done, const std::string& of_what, int failures) {
        const auto now = std::chrono::steady_clock::now();
        if (now - told_ < between) {
            return;
        }
        told_ = now;
        const std::string found =
            failures == 0 ? "no failure yet" : std::to_string(failures) + " failed";
        std::fprintf(stderr, "%s %s, %s\n", grouped(done).c_str(), of_what.c_str(), found.c_str());
    }

    /// 1234567 as 1,234,567
    static std::string grouped(long long n) {
        std::string digits = std::to_string(n);
        for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
            digits.insert(static_cast<std::size_t>(at), ",");
        }
        return digits;
    }

private:
    static constexpr std::chrono::seconds between{5};
    std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

}  // namespace torture
