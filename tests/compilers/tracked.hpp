// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace compilers {

/// An object that notices when it is destroyed twice, or used without having been built.
class tracked {
public:
    explicit tracked(int value = 0) : value_(value) { build(); }
    tracked(const tracked& other) : value_(other.value_), text_(other.text_) { build(); }
    tracked(tracked&& other) noexcept : value_(other.value_), text_(std::move(other.text_)) {
        build();
    }
    tracked& operator=(const tracked& other) = default;
    tracked& operator=(tracked&& other) noexcept = default;
    ~tracked() { faults += living.erase(this) == 1 ? 0 : 1; }

    int value() const {
        faults += living.count(this) == 1 ? 0 : 1;
        return value_;
    }

    static inline std::set<const void*> living;
    static inline int faults = 0;

private:
    void build() { faults += living.insert(this).second ? 0 : 1; }

    int value_;
    std::string text_ = "long enough that the string has memory of its own";
};

/// Runs a coroutine; afterwards nothing may be left, and nothing may have been destroyed twice.
class shapes : public ::testing::Test {
protected:
    template <class T>
    static T run(rondo::coro<T> shape) {
        return rondo::testing::run(std::move(shape));
    }
    template <class F>
    static auto run(F shape) {
        return run(shape());
    }

    void SetUp() override {
        tracked::living.clear();
        tracked::faults = 0;
    }
    void TearDown() override {
        EXPECT_EQ(tracked::living.size(), 0u);
        EXPECT_EQ(tracked::faults, 0);
    }
};

// ---- what the shapes call; each suspends once, so that temporaries live in the frame

inline rondo::coro<int> by_value(tracked t) {
    co_await rondo::yield_now();
    co_return t.value();
}
inline rondo::coro<int> by_reference(const tracked& t) {
    co_await rondo::yield_now();
    co_return t.value();
}
inline rondo::coro<tracked> make(int value) {
    co_await rondo::yield_now();
    co_return tracked(value);
}
inline rondo::coro<int> fail(tracked t) {
    co_await rondo::yield_now();
    throw t.value();
    co_return 0;
}

}  // namespace compilers
