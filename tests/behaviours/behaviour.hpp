// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// A numbered behaviour, run on each driver:
///
///     BEHAVIOUR(B001_call_soon_callbacks_run_fifo) {
///         run([&]() -> coro<void> { ...; note("a"); co_return; });
///         EXPECT_EQ(trace(), "a b c");
///     }
#define BEHAVIOUR(name) TEST_P(behaviour, name)

/// drivers_test.cpp names the drivers, for all files of this folder.
#define BEHAVIOURS_ON_EVERY_DRIVER static_assert(true)

namespace rondo_test {

/// False for those who want to know only how a behaviour ends.
inline bool twins_are_asked = true;

class behaviour : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        try {
            make_loop();
        } catch (const std::system_error& e) {
            GTEST_SKIP() << "no " << GetParam() << " here: " << e.what();
        }
    }

    bool simulated() const { return std::string_view(GetParam()) == "sim"; }

    /// A new loop on the driver of this run.
    rondo::box<rondo::event_loop> make_loop() const {
        if (simulated()) {
            return rondo::testing::make_sim_loop();
        }
        const bool epoll = std::string_view(GetParam()) == "epoll";
        return rondo::make_box<rondo::event_loop>(epoll ? rondo::driver_kind::epoll
                                                        : rondo::driver_kind::io_uring);
    }

    /// Runs a coroutine, or a coroutine function such as a lambda, like rondo::run; leaks throw.
    template <class T>
    T run(rondo::coro<T> main) const {
        return rondo::testing::run_on(make_loop(), std::move(main));
    }
    template <class F>
    auto run(F&& body) const {
        return run(std::forward<F>(body)());
    }

    /// What happened, in order.
    void note(const std::string& what) { notes_.push_back(what); }
    const std::vector<std::string>& notes() const { return notes_; }
    std::string trace() const {
        std::string all;
        for (const std::string& note : notes_) {
            all += (all.empty() ? "" : " ") + note;
        }
        return all;
    }

    /// The lines that tests/behaviours/twins/<name>.py prints under /usr/bin/python3, on a virtual
    /// clock: the same scenario on asyncio. Joined by blanks, to be compared with trace().
    static std::string twin(const std::string& name) {
        if (!twins_are_asked) {
            return {};
        }
        const std::string twins = RONDO_TEST_DIR "/twins/";
        const std::string command =
            "/usr/bin/python3 " + twins + "on_virtual_clock.py " + twins + name + ".py";
        std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
        std::string all;
        char line[4096];
        while (pipe != nullptr && std::fgets(line, sizeof line, pipe.get()) != nullptr) {
            std::string text(line);
            text.erase(text.find_last_not_of('\n') + 1);
            all += (all.empty() ? "" : " ") + text;
        }
        return all;
    }

private:
    std::vector<std::string> notes_;
};

}  // namespace rondo_test

using rondo_test::behaviour;
