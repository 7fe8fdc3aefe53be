// SPDX-License-Identifier: MIT

// Plays programs again and again. In each run one thing fails: the kth system call of a kind, with
// each errno that it may have, or the kth allocation.
//     rondo_torture [MOST] [TRIAL]      at most the first MOST calls and allocations (default 60)
//
// Each run is a process of its own, so that a crash or a hang is one result among others.
#include "torture/allocations.hpp"
#include "torture/trials.hpp"
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/run.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace rondo;
namespace sim = rondo::testing;
using sim::call;

constexpr unsigned longest_run_s = 20;

/// What each call may fail with while the program and the kernel are sound.
std::vector<int> errors_of(call what) {
    switch (what) {
        case call::accept:
            return {EINTR, EMFILE, ENFILE, ENOBUFS, ECONNABORTED, EPERM};
        case call::bind:
            return {EADDRINUSE, EACCES};
        case call::close:
        case call::fsync:
            return {EIO, ENOSPC, EINTR};
        case call::connect:
            return {ECONNREFUSED, ENETUNREACH, ETIMEDOUT, EADDRNOTAVAIL};
        case call::dup:
        case call::epoll_create:
        case call::eventfd:
        case call::pidfd_open:
        case call::pipe:
            return {EMFILE, ENFILE};
        case call::epoll_ctl:
            return {ENOMEM, ENOSPC};
        case call::epoll_wait:
            return {EINTR};
        case call::faccessat:
        case call::fstatat:
            return {EACCES, ENOENT};
        case call::io_uring_enter:
            return {EINTR, EAGAIN, EBUSY};
        case call::io_uring_setup:
            return {EPERM, ENOMEM, EMFILE};
        case call::open:
            return {EINTR, EACCES, ENOENT, EMFILE, ENOSPC};
        case call::posix_spawn:
            return {EAGAIN, ENOMEM};
        case call::pread:
        case call::read:
            return {EINTR, EIO};
        case call::pwrite:
        case call::write:
            return {EINTR, EIO, ENOSPC, EPIPE};
        case call::recv:
            return {EINTR, ECONNRESET, ETIMEDOUT, ENOBUFS};
        case call::send:
            return {EINTR, EPIPE, ECONNRESET, ENOBUFS, EHOSTUNREACH};
        case call::fcntl:
        case call::shutdown:
        case call::sigaction:
            return {};  // they cannot fail, unless something else has
        case call::socket:
            return {EMFILE, ENFILE, ENOBUFS};
        case call::waitid:
            return {EINTR, ECHILD};
        default:
            return {ENOBUFS};
    }
}

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

bool may_end_a_run(const std::exception_ptr& error);

bool all_may_end_a_run(const exception_group& group) {
    const auto errors = group.exceptions();
    return std::all_of(errors.begin(), errors.end(), may_end_a_run);
}

/// Errors that say that something failed, and none that says that rondo, or a trial, is at a loss.
bool may_end_a_run(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const exception_group& group) {
        return all_may_end_a_run(group);
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    } catch (const incomplete_read_error&) {
    } catch (...) {
        return false;
    }
    return true;
}

void run(const torture::trial& t, sim::fault_plan* faults) {
    if (t.driver == driver_kind::automatic) {
        sim::run(t.play(), {.faults = faults});
        return;
    }
    const sim::fault_plan::guard in_effect(faults);
    sim::run_on(make_box<event_loop>(t.driver), t.play());
}

/// What is wrong with a run; empty when nothing is.
std::string play(const torture::trial& t, sim::fault_plan* faults) {
    try {
        run(t, faults);
    } catch (...) {
        if (!may_end_a_run(std::current_exception())) {
            return describe_exception(std::current_exception());
        }
    }
    return {};
}

/// What every run needs once, such as the descriptor that signals are told by, is there already.
std::string play_in_warm_process(const torture::trial& t, sim::fault_plan* faults, int allocation) {
    if (const auto wrong = play(t, nullptr); !wrong.empty()) {
        return "without a fault: " + wrong;
    }
    const auto before = open_descriptors();
    if (allocation > 0) {
        torture::fail_allocation(allocation);
    }
    std::string wrong = play(t, faults);
    torture::stop_failing_allocations();
    if (wrong.empty() && open_descriptors() != before) {
        wrong = "a descriptor is left open";
    }
    return wrong;
}

/// What a child says while it runs, which is told only if it fails.
class said_aside {
public:
    said_aside() : file_(std::tmpfile()) {}
    said_aside(const said_aside&) = delete;
    said_aside& operator=(const said_aside&) = delete;
    ~said_aside() { std::fclose(file_); }

    void take_stderr() const { ::dup2(::fileno(file_), STDERR_FILENO); }
    void tell() const {
        char text[8192];
        std::rewind(file_);
        const std::size_t size = std::fread(text, 1, sizeof text, file_);
        std::fwrite(text, 1, size, stdout);
    }

private:
    std::FILE* file_;
};

/// Runs `body` in a child; whether it ended well. Says what was wrong.
template <class Body>
bool in_child(const std::string& what, Body body) {
    const said_aside aside;
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        aside.take_stderr();
        ::alarm(longest_run_s);
        const std::string wrong = body();
        std::fprintf(stderr, "%s\n", wrong.c_str());
        ::_exit(wrong.empty() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) {
        const char* const end = !WIFSIGNALED(status)          ? "fails"
                                : WTERMSIG(status) == SIGALRM ? "hangs"
                                                              : ::strsignal(WTERMSIG(status));
        std::printf("%s: %s\n", what.c_str(), end);
        aside.tell();
    }
    return status == 0;
}

struct score {
    int runs = 0;
    int failures = 0;
    void add(bool well) {
        ++runs;
        failures += well ? 0 : 1;
    }
};

/// How often each call is made, and how many allocations: counted in a child that sends them here.
struct counts {
    int calls[sys::call_count] = {};
    int allocations = 0;
};

counts count(const torture::trial& t) {
    int ends[2];
    if (::pipe(ends) != 0) {
        std::abort();
    }
    const bool well = in_child(t.name, [&] {
        counts c;
        sim::fault_plan plan;
        play(t, &plan);
        for (std::size_t i = 0; i < sys::call_count; ++i) {
            c.calls[i] = plan.calls(static_cast<call>(i));
        }
        torture::fail_allocation(0);
        const auto wrong = play(t, nullptr);
        c.allocations = torture::stop_failing_allocations();
        return ::write(ends[1], &c, sizeof c) == sizeof c ? wrong : std::string("no pipe");
    });
    counts c;
    if (!well || ::read(ends[0], &c, sizeof c) != sizeof c) {
        std::printf("%s: cannot be counted\n", t.name);
    }
    ::close(ends[0]);
    ::close(ends[1]);
    return c;
}

void fail_calls(const torture::trial& t, const counts& c, int most, score& s) {
    for (std::size_t i = 0; i < sys::call_count; ++i) {
        const auto what = static_cast<call>(i);
        for (int nth = 1; nth <= std::min(c.calls[i], most); ++nth) {
            for (const int error : errors_of(what)) {
                const std::string run = std::string(t.name) + ", " + sys::name_of(what) + " " +
                                        std::to_string(nth) + " " + ::strerrorname_np(error);
                s.add(in_child(run, [&] {
                    sim::fault_plan plan;
                    plan.fail(what, nth, error);
                    return play_in_warm_process(t, &plan, 0);
                }));
            }
        }
    }
}

void fail_allocations(const torture::trial& t, const counts& c, int most, score& s) {
    for (int nth = 1; nth <= std::min(c.allocations, most); ++nth) {
        const std::string run = std::string(t.name) + ", allocation " + std::to_string(nth);
        s.add(in_child(run, [&] { return play_in_warm_process(t, nullptr, nth); }));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const int most = argc > 1 ? std::atoi(argv[1]) : 60;
    const std::string_view only = argc > 2 ? argv[2] : "";
    score s;
    for (const torture::trial& t : torture::trials()) {
        if (!only.empty() && only != t.name) {
            continue;
        }
        const counts c = count(t);
        fail_calls(t, c, most, s);
        fail_allocations(t, c, most, s);
    }
    std::printf("%d runs, %d failures\n", s.runs, s.failures);
    return s.failures > 0 || s.runs == 0;
}
