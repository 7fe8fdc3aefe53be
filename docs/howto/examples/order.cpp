// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>
#include <rondo/testing/sequencer.hpp>

#include <cstdio>

namespace sim = rondo::testing;

// #region all
rondo::coro<void> writer(sim::sequencer& seq, int& shared) {
    {
        auto turn = co_await seq.turn(0);
        shared = 1;
    }
    auto turn = co_await seq.turn(2);
    shared = 2;
}

rondo::coro<void> reader(sim::sequencer& seq, const int& shared) {
    auto turn = co_await seq.turn(1);
    std::printf("between the two writes: %d\n", shared);
}

rondo::coro<void> test() {
    sim::sequencer seq;
    int shared = 0;
    co_await rondo::gather(reader(seq, shared), writer(seq, shared));
}

int main() { sim::run(test()); }
// #endregion
