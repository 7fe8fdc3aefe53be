// SPDX-License-Identifier: MIT

// Runs the tests of the behaviours again and again. In each run one thing fails: the kth system
// call of a kind, with each errno that it may have, or the kth allocation.
//     rondo_torture_behaviours [MOST] [FILTER]
//     at most the first MOST calls of a kind and allocations (default 60), in the tests whose name
//     has FILTER in it, such as B017 or sim
//
// A test cannot keep what it expects when something fails in it, so its expectations do not count.
// It must end: without a crash, and in time.
#include "behaviours/behaviour.hpp"
#include "torture/allocations.hpp"
#include "torture/arguments.hpp"
#include "torture/interrupt.hpp"
#include "torture/runs.hpp"
#include <rondo/testing/fault_plan.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace sim = rondo::testing;
using sim::call;
namespace sys = rondo::sys;

/// What fails in the one test that this process runs.
struct fault {
    std::optional<call> what;  // none: an allocation, or nothing
    int nth = 0;
    int error = 0;
};

using torture::counts;

/// Lets things fail from the beginning of a test to its end, and counts them.
class tormentor final : public testing::EmptyTestEventListener {
public:
    tormentor(const fault& f, counts& c) : fault_(f), counts_(c) {}

private:
    void OnTestStart(const testing::TestInfo&) override {
        if (fault_.what) {
            plan_.fail(*fault_.what, fault_.nth, fault_.error);
        }
        in_effect_.emplace(&plan_);
        torture::fail_allocation(fault_.what ? 0 : fault_.nth);
    }
    void OnTestEnd(const testing::TestInfo&) override {
        counts_.allocations = torture::stop_failing_allocations();
        in_effect_.reset();
        for (std::size_t i = 0; i < sys::call_count; ++i) {
            counts_.calls[i] = plan_.calls(static_cast<call>(i));
        }
    }

    fault fault_;
    counts& counts_;
    sim::fault_plan plan_;
    std::optional<sim::fault_plan::guard> in_effect_;
};

counts run_test(const std::string& name, const fault& f) {
    counts c;
    testing::TestEventListeners& all = testing::UnitTest::GetInstance()->listeners();
    delete all.Release(all.default_result_printer());
    all.Append(new tormentor(f, c));
    GTEST_FLAG_SET(filter, name);
    [[maybe_unused]] const int how = RUN_ALL_TESTS();  // expectations do not count
    return c;
}

std::optional<counts> count(const std::string& name) {
    return torture::count_in_child(name, [&](counts& c) {
        c = run_test(name, {});
        return std::string();
    });
}

bool ends_with(const std::string& name, const fault& f) {
    const std::string what = f.what ? std::string(sys::name_of(*f.what)) + " " +
                                          std::to_string(f.nth) + " " + ::strerrorname_np(f.error)
                                    : "allocation " + std::to_string(f.nth);
    return torture::in_child(name + ", " + what, [&] {
        run_test(name, f);
        return std::string();
    });
}

void torture_test(const std::string& name, int most, torture::score& s) {
    const auto c = count(name);
    if (!c) {
        s.add(false);
        return;
    }
    for (std::size_t i = 0; i < sys::call_count; ++i) {
        const auto what = static_cast<call>(i);
        for (int nth = 1; nth <= std::min(c->calls[i], most); ++nth) {
            for (const int error : torture::errors_of(what)) {
                s.add(ends_with(name, {what, nth, error}));
            }
        }
    }
    for (int nth = 1; nth <= std::min(c->allocations, most); ++nth) {
        s.add(ends_with(name, {std::nullopt, nth, 0}));
    }
}

std::vector<std::string> names_with(std::string_view filter) {
    std::vector<std::string> names;
    const testing::UnitTest& all = *testing::UnitTest::GetInstance();
    for (int i = 0; i < all.total_test_suite_count(); ++i) {
        const testing::TestSuite& suite = *all.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            const std::string name = std::string(suite.name()) + "." + suite.GetTestInfo(j)->name();
            if (name.find(filter) != std::string::npos) {
                names.push_back(name);
            }
        }
    }
    return names;
}

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    rondo_test::twins_are_asked = false;
    const auto with = torture::limit_and_name(argc, argv);
    const auto names = names_with(with.name);
    if (names.empty()) {
        std::fprintf(stderr, "rondo_torture_behaviours: no test has '%s' in its name\n",
                     with.name.c_str());
        return 2;
    }
    torture::heed_interrupt();
    torture::score s;
    for (const std::string& name : names) {
        torture_test(name, with.most, s);
    }
    return s.sum_up();
}
