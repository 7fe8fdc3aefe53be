// SPDX-License-Identifier: MIT
// Plays the programs of the tutorials, side by side, and compares what they print and how long they
// take with what is expected of them. See usage().
#include "child.hpp"
#include "expectation.hpp"
#include <rondo/rondo.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <unistd.h>

namespace tour {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int at_once = 16;
constexpr std::size_t lines_shown = 12;

int usage() {
    std::fputs(
        "rondo_tour [--virtual] [--brief] [--tolerance SECONDS] [PROGRAM...]\n"
        "  Plays the programs of the tutorials, all unless some are named, and compares.\n"
        "  --virtual    on the virtual clock, where times must match exactly\n"
        "  --brief      prints only what did not match, and the summary\n"
        "  --tolerance  how late a program may be on the real clock (default: 0.15)\n",
        stderr);
    return 2;
}

struct options {
    bool virtual_clock = false;
    bool brief = false;
    seconds tolerance{0.15};
    std::vector<std::string> names;
};

// ---- the programs

struct program {
    std::string tutorial;  // the folder: 001_asyncio
    std::string name;      // 001_cancel_a_task
    expectation expected;
};

std::string read_text(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

program load(const fs::path& file) {
    const std::string tutorial = file.parent_path().filename();
    return {tutorial, tutorial.substr(0, 4) + file.stem().string(),
            parse_expectation(read_text(file))};
}

bool wanted(const program& p, const options& o) {
    if (o.virtual_clock && p.expected.clock == "real") {
        return false;
    }
    return o.names.empty() || std::count(o.names.begin(), o.names.end(), p.name) > 0;
}

// Rows are numbered S1-9, S1-10: by length first puts them in order.
auto place_in_tutorial(const program& p) {
    return std::tuple(p.tutorial, p.expected.row.size(), p.expected.row, p.name);
}

std::vector<program> load_programs(const options& o) {
    std::vector<program> programs;
    for (const auto& entry : fs::recursive_directory_iterator(RONDO_SEEDS_SOURCE)) {
        if (entry.path().extension() != ".expected") {
            continue;
        }
        program p = load(entry.path());
        if (wanted(p, o)) {
            programs.push_back(std::move(p));
        }
    }
    std::sort(programs.begin(), programs.end(), [](const program& a, const program& b) {
        return place_in_tutorial(a) < place_in_tutorial(b);
    });
    return programs;
}

// ---- playing them

// Where a program on the virtual clock leaves its time.
class time_file {
public:
    time_file() { ::close(::mkstemp(path_.data())); }
    time_file(const time_file&) = delete;
    time_file& operator=(const time_file&) = delete;
    ~time_file() { fs::remove(path_); }

    std::string variable() const { return "RONDO_VIRTUAL_TIME_FILE=" + path_; }

    seconds read() const {
        long long count = -1;
        std::ifstream(path_) >> count;
        return std::chrono::nanoseconds(count);
    }

private:
    std::string path_ = (fs::temp_directory_path() / "rondo_tour_XXXXXX").string();
};

// The port that a server says it listens on; 0 when it says none.
std::uint16_t port_in(const std::string& said) {
    const std::string before = "nc localhost ";
    const auto at = said.find(before);
    return at == std::string::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::stoi(said.substr(at + before.size())));
}

// Does what somebody with several terminals would do: `nc localhost PORT` in each, then a line,
// then the end of the input; and at last Ctrl-C for the server.
rondo::coro<void> talk_to(child& server, const std::vector<std::string>& lines,
                          std::vector<std::string>& answers) {
    co_await server.wait_for_output();
    const std::uint16_t port = port_in(server.out());
    std::vector<rondo::stream> terminals;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        terminals.push_back(co_await rondo::open_connection("localhost", port));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        terminals[i].write(lines[i] + "\n");
        std::string answer = co_await terminals[i].readline();
        answers.push_back(answer.substr(0, answer.find('\n')));
    }
    for (rondo::stream& terminal : terminals) {
        terminal.write_eof();
        std::ignore = co_await terminal.read();
    }
    server.interrupt();
}

rondo::coro<void> watch_performance(child& process, const expectation& expected,
                                    std::vector<std::string>& answers) {
    if (expected.terminals.empty()) {
        co_await process.read_output();
    } else {
        co_await rondo::gather(process.read_output(),
                               talk_to(process, expected.terminals, answers));
    }
}

rondo::coro<performance> perform(const program& p, const options& o) {
    time_file file;
    std::vector<std::string> environment = p.expected.environment;
    environment.push_back(file.variable());
    const std::string path = RONDO_SEEDS_BINARY "/" + p.name + (o.virtual_clock ? "_virtual" : "");

    const auto start = rondo::loop_clock::now();
    child process(path, p.expected.arguments, environment);
    performance played;
    std::string trouble;
    try {
        co_await rondo::wait_for(watch_performance(process, p.expected, played.answers),
                                 p.expected.took + 20s);
    } catch (const std::exception& error) {
        trouble = std::string("(killed: ") + error.what() + ")\n";
        process.kill();
    }
    played.status = process.wait();
    played.took = rondo::loop_clock::now() - start;
    played.out = process.out();
    played.err = process.err() + trouble;
    if (o.virtual_clock) {
        played.took = file.read();
    }
    co_return played;
}

struct result {
    performance played;
    verdict judged;
};

class stage {
public:
    explicit stage(const options& o) : options_(o) {}

    rondo::coro<result> play(const program& p) {
        auto place = co_await places_.scoped();
        result r;
        r.played = co_await perform(p, options_);
        r.judged = compare(p.expected, r.played, tolerance());
        ++played_;
        co_return r;
    }

    // Shows that something is going on, and notices when the machine is too busy to be on time.
    rondo::coro<void> watch(std::size_t programs) {
        const bool show = ::isatty(STDOUT_FILENO) != 0;
        while (true) {
            const auto due = rondo::loop_clock::now() + 100ms;
            co_await rondo::sleep_until(due);
            lag_ = std::max<seconds>(lag_, rondo::loop_clock::now() - due);
            if (show) {
                std::printf("\r\033[K  … %zu of %zu played", played_, programs);
                std::fflush(stdout);
            }
        }
    }

private:
    seconds tolerance() const {
        return options_.virtual_clock ? seconds::zero() : options_.tolerance + lag_;
    }

    const options& options_;
    rondo::semaphore places_{at_once};
    std::size_t played_ = 0;
    seconds lag_{};
};

// ---- telling

void clear_progress() {
    if (::isatty(STDOUT_FILENO) != 0) {
        std::printf("\r\033[K");
    }
}

void print_heading(const std::string& tutorial) {
    std::string title = "Tutorial " + tutorial;
    std::replace(title.begin(), title.end(), '_', ' ');
    std::printf("\n%s\n%s\n", title.c_str(), std::string(title.size(), '=').c_str());
}

void print_result(const program& p, const result& r, bool brief) {
    const bool matched = r.judged.differences.empty();
    if (brief && matched) {
        return;
    }
    std::printf("\n%s %s (%s): %s\n", matched ? "✓" : "✗", p.name.c_str(), p.expected.row.c_str(),
                p.expected.shows.c_str());
    const auto& lines = r.judged.shown;
    const std::size_t shown = matched ? std::min(lines.size(), lines_shown) : lines.size();
    for (std::size_t i = 0; i < shown; ++i) {
        std::printf("      %s\n", lines[i].c_str());
    }
    if (shown < lines.size()) {
        std::printf("      … and %zu more lines\n", lines.size() - shown);
    }
    std::printf("    took %.2f s\n", r.played.took.count());
    for (const std::string& difference : r.judged.differences) {
        std::printf("    ✗ %s\n", difference.c_str());
    }
}

struct summary {
    std::size_t played = 0;
    std::size_t matched = 0;
    seconds total{};
};

void print_summary(const summary& s, seconds took) {
    std::printf("\n%zu programs, %zu matched, %zu did not. %.1f s", s.played, s.matched,
                s.played - s.matched, took.count());
    std::printf(" (one after the other: %.1f s)\n", s.total.count());
}

rondo::coro<bool> tour(const options& o, const std::vector<program>& programs) {
    const auto start = rondo::loop_clock::now();
    stage s(o);

    // The long ones go first, whatever the order of the tutorials.
    std::vector<std::size_t> order(programs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return programs[a].expected.took > programs[b].expected.took;
    });
    std::vector<rondo::task<result>> playing(programs.size());
    for (const std::size_t i : order) {
        playing[i] = rondo::create_task(s.play(programs[i]));
    }
    auto watching = rondo::create_task(s.watch(programs.size()));

    summary sum;
    for (std::size_t i = 0; i < programs.size(); ++i) {
        const result& r = co_await playing[i];
        clear_progress();
        if (!o.brief && (i == 0 || programs[i].tutorial != programs[i - 1].tutorial)) {
            print_heading(programs[i].tutorial);
        }
        print_result(programs[i], r, o.brief);
        std::fflush(stdout);
        ++sum.played;
        sum.matched += r.judged.differences.empty();
        sum.total += r.played.took;
    }
    watching.cancel();
    clear_progress();
    print_summary(sum, rondo::loop_clock::now() - start);
    co_return sum.matched == sum.played;
}

std::optional<options> parse(int argc, char** argv) {
    options o;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--virtual") {
            o.virtual_clock = true;
        } else if (argument == "--brief") {
            o.brief = true;
        } else if (argument == "--tolerance" && i + 1 < argc) {
            o.tolerance = seconds(std::stod(argv[++i]));
        } else if (argument.starts_with("-")) {
            return std::nullopt;
        } else {
            o.names.push_back(argument);
        }
    }
    return o;
}

}  // namespace
}  // namespace tour

int main(int argc, char** argv) {
    const auto options = tour::parse(argc, argv);
    if (!options) {
        return tour::usage();
    }
    const auto programs = tour::load_programs(*options);
    if (programs.empty() || (!options->names.empty() && programs.size() != options->names.size())) {
        std::fputs("rondo_tour: there is no such program\n", stderr);
        return 2;
    }
    try {
        return rondo::run(tour::tour(*options, programs)) ? 0 : 1;
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("\nThe tour was interrupted.");
        return 130;
    }
}
