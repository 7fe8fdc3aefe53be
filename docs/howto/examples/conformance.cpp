// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/check_lock.hpp>

#include <cstdio>
#include <stdexcept>

namespace sim = rondo::testing;

// #region all
// A lock of somebody's. It wakes whoever waits, and lets the quickest have it.
class hasty_lock {
public:
    rondo::coro<void> acquire() {
        while (held_) {
            free_.clear();
            co_await free_.wait();
        }
        held_ = true;
    }
    void release() {
        if (!held_) {
            throw std::logic_error("nobody holds it");
        }
        held_ = false;
        free_.set();
    }

private:
    rondo::event free_;
    bool held_ = false;
};

int main() {
    sim::check_lock([] { return rondo::lock(); });
    std::puts("rondo::lock keeps its promises");
    try {
        sim::check_lock([] { return hasty_lock(); });
    } catch (const sim::conformance_error& broken) {
        std::printf("hasty_lock does not: %s\n", broken.what());
    }
}
// #endregion
