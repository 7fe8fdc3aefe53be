// SPDX-License-Identifier: MIT
#include <rondo/testing/sequencer.hpp>

#include <stdexcept>
#include <string>

namespace rondo::testing {

coro<sequencer::turn_hold> sequencer::turn(int number) {
    stage& mine = stages_[number];
    if (number < 0 || mine.taken) {
        throw std::invalid_argument("sequencer: turn " + std::to_string(number) +
                                    " was taken already, or is negative");
    }
    mine.taken = true;
    stages_.try_emplace(number + 1);
    if (number > 0 && !broken_) {
        try {
            co_await mine.begins.wait();
        } catch (const cancelled_error&) {
            break_order();
            throw;
        }
    }
    if (broken_) {
        throw std::runtime_error("sequencer: turn " + std::to_string(number) +
                                 " cannot come, since a task was cancelled while it waited");
    }
    co_return turn_hold(*this, number);
}

void sequencer::begin(int number) noexcept { stages_.find(number)->second.begins.set(); }

void sequencer::break_order() noexcept {
    broken_ = true;
    for (auto& [number, one] : stages_) {
        one.begins.set();
    }
}

}  // namespace rondo::testing
