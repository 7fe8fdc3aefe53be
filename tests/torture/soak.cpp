// SPDX-License-Identifier: MIT

// A server on the real loop, and clients that come and go: quick ones, slow ones, and those that
// vanish in the middle of a word. Memory and descriptors must stay as they are, and the quick ones
// must not notice the others.
//     rondo_soak [SECONDS]      (default 10)
#include "torture/arguments.hpp"
#include "torture/interrupt.hpp"
#include <rondo/rondo.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace {

using namespace rondo;
using namespace std::chrono_literals;
using real_clock = std::chrono::steady_clock;

constexpr int quick_clients = 20;
constexpr int slow_clients = 10;
constexpr int broken_clients = 10;
constexpr std::size_t most_growth = 4 << 20;  // of memory, between warm and done
constexpr auto most_latency = 250ms;          // 99 of 100 answers; a busy machine is no defect

std::size_t resident_bytes() {
    std::size_t all = 0;
    std::size_t resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

struct totals {
    bool over = false;
    std::uint64_t connections = 0;
    std::vector<real_clock::duration> latencies{};
};

coro<void> echo(stream s) {
    try {
        for (auto data = co_await s.read(16'384); !data.empty(); data = co_await s.read(16'384)) {
            s.write(data);
            co_await s.drain();
        }
    } catch (const std::system_error&) {  // a client that vanished
    }
}

coro<void> be_quick(std::uint16_t port, totals& t) {
    auto s = co_await open_connection("127.0.0.1", port);
    const std::string word(100, 'q');
    for (int i = 0; i < 20 && !t.over; ++i) {
        const auto before = real_clock::now();
        s.write(word);
        const auto back = co_await s.readexactly(word.size());
        t.latencies.push_back(real_clock::now() - before);
        if (back != word) {
            throw std::runtime_error("an answer is not what was sent");
        }
        co_await sleep(1ms);
    }
}

coro<void> be_slow(std::uint16_t port, totals& t) {
    auto s = co_await open_connection("127.0.0.1", port);
    s.write(std::string(300'000, 's'));
    for (int i = 0; i < 20 && !t.over; ++i) {
        co_await s.read(1'000);
        co_await sleep(10ms);
    }
}

coro<void> be_broken(std::uint16_t port, totals&) {
    auto s = co_await open_connection("127.0.0.1", port);
    s.write(std::string(100'000, 'b'));
    co_await sleep(2ms);
    s.abort();
}

using client = coro<void> (*)(std::uint16_t, totals&);

coro<void> come_and_go(client body, std::uint16_t port, totals& t) {
    while (!t.over) {
        ++t.connections;
        try {
            co_await body(port, t);
        } catch (const std::system_error& e) {
            // Closed connections hold their ports for a minute.
            if (e.code().value() != EADDRNOTAVAIL) {
                throw;
            }
        }
        co_await sleep(5ms);
    }
}

coro<void> tell_progress(const totals& t) {
    for (int seconds = 5;; seconds += 5) {
        co_await sleep(5s);
        std::fprintf(stderr, "%d s, %llu connections\n", seconds,
                     static_cast<unsigned long long>(t.connections));
    }
}

/// What must not grow.
struct measure {
    std::size_t memory = resident_bytes();
    std::ptrdiff_t descriptors = open_descriptors();
};

coro<void> run_clients(std::uint16_t port, nanoseconds how_long, totals& t) {
    t.over = false;
    task_group group;
    co_await with(group, [&]() -> coro<void> {
        for (int i = 0; i < quick_clients; ++i) {
            group.create_task(come_and_go(be_quick, port, t));
        }
        for (int i = 0; i < slow_clients; ++i) {
            group.create_task(come_and_go(be_slow, port, t));
        }
        for (int i = 0; i < broken_clients; ++i) {
            group.create_task(come_and_go(be_broken, port, t));
        }
        auto telling = group.create_task(tell_progress(t));
        co_await sleep(how_long);
        telling.cancel();
        t.over = true;
    });
}

/// Handlers that still flush, and what they hold, are given a moment to end.
coro<measure> measure_at_rest() {
    co_await sleep(500ms);
    co_return measure();
}

int judge(const measure& warm, const measure& done, totals& t) {
    std::sort(t.latencies.begin(), t.latencies.end());
    const auto at = [&](std::size_t percent) {
        return t.latencies.empty() ? real_clock::duration::max()
                                   : t.latencies[(t.latencies.size() - 1) * percent / 100];
    };
    const auto in_ms = [](auto d) { return std::chrono::duration<double, std::milli>(d).count(); };
    std::printf("%llu connections, %zu answers; latency p50 %.2f ms, p99 %.2f ms, most %.2f ms\n",
                static_cast<unsigned long long>(t.connections), t.latencies.size(), in_ms(at(50)),
                in_ms(at(99)), in_ms(at(100)));
    std::printf("memory %zu KiB, then %zu KiB; descriptors %td, then %td\n", warm.memory / 1024,
                done.memory / 1024, warm.descriptors, done.descriptors);
    int faults = 0;
    const auto require = [&](bool kept, const char* promise) {
        if (!kept) {
            std::printf("broken: %s\n", promise);
            ++faults;
        }
    };
    // A sanitizer keeps what was freed for a while.
    require(RONDO_SANITIZED || done.memory <= warm.memory + most_growth, "memory does not grow");
    require(done.descriptors <= warm.descriptors, "no descriptor is left open");
    require(at(99) <= most_latency, "slow and broken clients do not hold up the others");
    return faults;
}

coro<int> soak(nanoseconds how_long, totals& t) {
    auto server = co_await start_server(echo, "127.0.0.1", 0, {.backlog = 500});
    co_await run_clients(server.port(), std::max<nanoseconds>(how_long / 4, 1s), t);
    t = totals();  // that was for warmth
    const measure warm = co_await measure_at_rest();
    t.latencies.reserve(1'000'000);
    co_await run_clients(server.port(), how_long, t);
    const std::size_t latencies = t.latencies.size() * sizeof t.latencies.front();
    measure done = co_await measure_at_rest();
    done.memory -= std::min(done.memory, latencies);
    co_return judge(warm, done, t);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 2) {
        std::fputs("usage: rondo_soak [SECONDS]\n", stderr);
        return 2;
    }
    const std::uint64_t seconds =
        torture::number_or_exit("rondo_soak", argc > 1 ? argv[1] : "10", "number of seconds");
    totals t;
    try {
        return rondo::run(soak(std::chrono::seconds(seconds), t));
    } catch (const keyboard_interrupt&) {
        std::printf("%llu connections, %zu answers, interrupted: nothing is judged\n",
                    static_cast<unsigned long long>(t.connections), t.latencies.size());
        return torture::interrupted_status;
    }
}
