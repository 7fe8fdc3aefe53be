// SPDX-License-Identifier: MIT

// Plays scenarios whose every choice comes from a seed, over the simulated network:
//     rondo_sim [N]           the seeds from 0 to N
//     rondo_sim --seed S      one of them, and the log of its network
#include "torture/arguments.hpp"
#include "torture/current_run.hpp"
#include "torture/interrupt.hpp"
#include "torture/progress.hpp"
#include "torture/world.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace rondo;
namespace sim = rondo::testing;

constexpr std::uint64_t seeds_between_repeats = 20;
constexpr char not_repeated[] = "played again, it went another way: not all is drawn from the seed";

std::vector<torture::scenario> all_scenarios() {
    std::vector<torture::scenario> all;
    for (const auto part : {torture::net_scenarios(), torture::task_scenarios()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

struct result {
    std::string failure;  // empty: none
    std::string log;
    std::string faults;
};

/// A handler may fail as a connection may, and a server says when it cannot accept.
void report_only_surprises(event_loop& loop) {
    loop.set_exception_handler([](event_loop& in, const exception_context& what) {
        try {
            if (what.exception) {
                std::rethrow_exception(what.exception);
            }
        } catch (const std::system_error&) {
            return;
        } catch (...) {
        }
        in.default_exception_handler(what);
        std::abort();  // nobody could throw it where it would be seen
    });
}

coro<void> play(const torture::scenario& s, torture::world& w, std::string& log) {
    report_only_surprises(get_running_loop());
    std::exception_ptr error;
    try {
        co_await s.play(w);
    } catch (...) {
        error = std::current_exception();
    }
    log = s.uses_network ? sim::running_network().log() : std::string();
    if (error) {
        std::rethrow_exception(error);
    }
}

result play_seed(const torture::scenario& s, std::uint64_t seed) {
    torture::begin_run("seed " + std::to_string(seed) + ", " + s.name);
    torture::world w(seed);
    sim::fault_plan faults;
    sim::options with{.seed = seed};
    if (s.uses_network) {
        with.network = w.link();
        w.plan_faults(faults);
        with.faults = &faults;
    }
    result r;
    try {
        sim::run(play(s, w, r.log), with);
    } catch (const keyboard_interrupt&) {
        throw;  // no failure of the scenario
    } catch (...) {
        r.failure = describe_exception(std::current_exception());
    }
    r.faults = faults.describe();
    return r;
}

int play_one(std::uint64_t seed) {
    const auto all = all_scenarios();
    const auto& s = all[seed % all.size()];
    const result first = play_seed(s, seed);
    const result again = play_seed(s, seed);
    std::printf("%sseed %llu, %s: %s\n", first.log.c_str(), static_cast<unsigned long long>(seed),
                s.name, first.failure.empty() ? "well" : first.failure.c_str());
    if (!first.faults.empty()) {
        std::printf("the kernel refused:\n%s\n", first.faults.c_str());
    }
    if (first.log != again.log) {
        std::puts(not_repeated);
        return 1;
    }
    return first.failure.empty() ? 0 : 1;
}

int play_many(std::uint64_t count) {
    const auto all = all_scenarios();
    const auto begin = std::chrono::steady_clock::now();
    int failures = 0;
    torture::progress so_far;
    const std::string of_all =
        "of " + torture::progress::grouped(static_cast<long long>(count)) + " seeds";
    std::uint64_t seed = 0;
    for (; seed < count && !torture::interrupted(); ++seed) {
        const auto& s = all[seed % all.size()];
        result r = play_seed(s, seed);
        if (seed % seeds_between_repeats == 0 && play_seed(s, seed).log != r.log) {
            r.failure = not_repeated;
        }
        if (!r.failure.empty()) {
            ++failures;
            std::printf("seed %llu, %s: %s\n", static_cast<unsigned long long>(seed), s.name,
                        r.failure.c_str());
            std::fflush(stdout);
        }
        so_far.tell(static_cast<long long>(seed + 1), of_all, failures);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%llu seeds, %d failures, %.1f s%s\n", static_cast<unsigned long long>(seed),
                failures, took.count(), torture::interrupted() ? ", interrupted" : "");
    return torture::interrupted() ? torture::interrupted_status : failures > 0;
}

}  // namespace

int main(int argc, char** argv) {
    constexpr torture::range any = {0, std::numeric_limits<std::uint64_t>::max()};
    if (argc == 3 && std::strcmp(argv[1], "--seed") == 0) {
        try {
            return play_one(torture::number_or_exit("rondo_sim", argv[2], "seed", any));
        } catch (const keyboard_interrupt&) {
            return torture::interrupted_status;
        }
    }
    if (argc > 2) {
        std::fputs("usage: rondo_sim [N] | --seed S\n", stderr);
        return 2;
    }
    const char* const many = argc == 2 ? argv[1] : "2000";
    torture::heed_interrupt();
    return play_many(torture::number_or_exit("rondo_sim", many, "number of seeds"));
}
