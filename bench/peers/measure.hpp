// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include <time.h>

/// What every program of bench/peers in C++ shares: clocks, memory, and the one line it prints.
namespace measure {

inline std::int64_t read_clock(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec;
}
inline std::int64_t now_ns() { return read_clock(CLOCK_MONOTONIC); }
inline std::int64_t cpu_ns() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

/// VmHWM: getrusage would begin with what the process was before exec.
inline std::int64_t peak_bytes() {
    std::FILE* status = std::fopen("/proc/self/status", "r");
    char line[128];
    long kib = 0;
    while (status != nullptr && std::fgets(line, sizeof line, status) != nullptr) {
        if (std::sscanf(line, "VmHWM: %ld", &kib) == 1) {
            break;
        }
    }
    if (status != nullptr) {
        std::fclose(status);
    }
    return kib * std::int64_t{1024};
}

/// The same sequence for everybody, so that all sleep equally long.
class random_numbers {
public:
    std::int64_t below(std::int64_t limit) noexcept {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<std::int64_t>(state_ % static_cast<std::uint64_t>(limit));
    }

private:
    std::uint64_t state_ = 88172645463325252U;
};

/// What one item cost: ns by the clock, ns of CPU, bytes of memory.
struct figures {
    double wall = 0;
    double cpu = 0;
    double bytes = 0;
};

/// Runs from its construction.
class stopwatch {
public:
    figures per_item(std::int64_t items) const {
        const auto n = static_cast<double>(items);
        return {.wall = static_cast<double>(now_ns() - wall_) / n,
                .cpu = static_cast<double>(cpu_ns() - cpu_) / n,
                .bytes = static_cast<double>(peak_bytes() - bytes_) / n};
    }

private:
    std::int64_t bytes_ = peak_bytes();
    std::int64_t cpu_ = cpu_ns();
    std::int64_t wall_ = now_ns();
};

struct work {
    const char* name;
    figures (*run)(std::int64_t n);
};

/// main of a program: `PROGRAM WORK N` prints the figures of one run as a line of JSON. The exit
/// status is 2 for work that the program does not know.
inline int run_named(int argc, char** argv, std::initializer_list<work> all) {
    const char* name = argc > 1 ? argv[1] : "";
    for (const work& one : all) {
        if (std::strcmp(one.name, name) == 0) {
            const figures f = one.run(argc > 2 ? std::atoll(argv[2]) : 1);
            std::printf("{\"wall\": %.4f, \"cpu\": %.4f, \"bytes\": %.2f}\n", f.wall, f.cpu,
                        f.bytes);
            return 0;
        }
    }
    std::fprintf(stderr, "%s: no work is called '%s'\n", argv[0], name);
    return 2;
}

}  // namespace measure
