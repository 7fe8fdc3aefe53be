// SPDX-License-Identifier: MIT

// Plays programs again and again. In each run one thing fails: the kth system call of a kind, with
// each errno that it may have, or the kth allocation.
//     rondo_torture [MOST] [TRIAL]      at most the first MOST calls and allocations (default 60)
//
// Each run is a process of its own, so that a crash or a hang is one result among others.
#include "torture/allocations.hpp"
#include "torture/arguments.hpp"
#include "torture/interrupt.hpp"
#include "torture/runs.hpp"
#include "torture/trials.hpp"
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/run.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

using namespace rondo;
namespace sim = rondo::testing;
using sim::call;

bool may_end_a_run(const std::exception_ptr& error);

bool all_may_end_a_run(const exception_group& group) {
    const auto& errors = group.exceptions();
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
        torture::stop_failing_allocations();  // whoever judges may allocate
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
    const auto before = torture::open_descriptors();
    if (allocation > 0) {
        torture::fail_allocation(allocation);
    }
    std::string wrong = play(t, faults);
    torture::stop_failing_allocations();
    if (wrong.empty() && torture::open_descriptors() != before) {
        wrong = "a descriptor is left open";
    }
    return wrong;
}

std::optional<torture::counts> count(const torture::trial& t) {
    return torture::count_in_child(t.name, [&](torture::counts& c) {
        sim::fault_plan plan;
        play(t, &plan);
        for (std::size_t i = 0; i < sys::call_count; ++i) {
            c.calls[i] = plan.calls(static_cast<call>(i));
        }
        torture::fail_allocation(0);
        std::string wrong = play(t, nullptr);
        c.allocations = torture::stop_failing_allocations();
        return wrong;
    });
}

void fail_calls(const torture::trial& t, const torture::counts& c, int most, torture::score& s) {
    for (std::size_t i = 0; i < sys::call_count; ++i) {
        const auto what = static_cast<call>(i);
        for (int nth = 1; nth <= std::min(c.calls[i], most); ++nth) {
            for (const int error : torture::errors_of(what)) {
                const std::string run = std::string(t.name) + ", " + sys::name_of(what) + " " +
                                        std::to_string(nth) + " " + ::strerrorname_np(error);
                s.add(torture::in_child(run, [&] {
                    sim::fault_plan plan;
                    plan.fail(what, nth, error);
                    return play_in_warm_process(t, &plan, 0);
                }));
            }
        }
    }
}

void fail_allocations(const torture::trial& t, const torture::counts& c, int most,
                      torture::score& s) {
    for (int nth = 1; nth <= std::min(c.allocations, most); ++nth) {
        const std::string run = std::string(t.name) + ", allocation " + std::to_string(nth);
        s.add(torture::in_child(run, [&] { return play_in_warm_process(t, nullptr, nth); }));
    }
}

void torture_trial(const torture::trial& t, int most, torture::score& s) {
    const auto c = count(t);
    if (!c) {
        s.add(false);
        return;
    }
    fail_calls(t, *c, most, s);
    fail_allocations(t, *c, most, s);
}

std::vector<torture::trial> trials_of(std::string_view name) {
    std::vector<torture::trial> some;
    for (const torture::trial& t : torture::trials()) {
        if (name.empty() || name == t.name) {
            some.push_back(t);
        }
    }
    return some;
}

int refuse(std::string_view name) {
    std::fprintf(stderr, "rondo_torture: '%s' is no trial; there are:", std::string(name).c_str());
    for (const torture::trial& t : torture::trials()) {
        std::fprintf(stderr, " '%s'", t.name);
    }
    std::fputs("\n", stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    const auto with = torture::limit_and_name(argc, argv);
    const auto trials = trials_of(with.name);
    if (trials.empty()) {
        return refuse(with.name);
    }
    torture::heed_interrupt();
    torture::score s;
    for (const torture::trial& t : trials) {
        torture_trial(t, with.most, s);
    }
    return s.sum_up();
}
