// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/sync/event.hpp>

#include <map>
#include <utility>

namespace rondo::testing {

/// Puts what several tasks do into an order: trio's Sequencer.
///
///     rondo::testing::sequencer seq;
///     // in one task
///     { auto turn = co_await seq.turn(0); write(); }
///     { auto turn = co_await seq.turn(2); write(); }
///     // in another one
///     { auto turn = co_await seq.turn(1); read(); }
///
/// Turn n comes when turn n-1 is over, which it is when its object goes. Each is taken once. When a
/// task is cancelled while it waits for its turn, the order cannot be kept any more, and all who
/// wait get runtime_error. Lives longer than its turns. Loop-thread only.
class sequencer {
public:
    /// The time between two other turns.
    class turn_hold {
    public:
        turn_hold(sequencer& of, int number) noexcept : of_(&of), number_(number) {}
        turn_hold(turn_hold&& other) noexcept
            : of_(std::exchange(other.of_, nullptr)), number_(other.number_) {}
        turn_hold& operator=(turn_hold&&) = delete;
        ~turn_hold() {
            if (of_ != nullptr) {
                of_->begin(number_ + 1);
            }
        }

    private:
        sequencer* of_;
        int number_;
    };

    sequencer() = default;
    sequencer(const sequencer&) = delete;
    sequencer& operator=(const sequencer&) = delete;

    /// Returns: the turn, which ends with it. Throws: invalid_argument for a negative number and
    /// for one that is taken; runtime_error when the order is broken. Cancellation: breaks the
    /// order. Fairness: yields only to wait. Threads: the loop's.
    [[nodiscard]] coro<turn_hold> turn(int number);

private:
    struct stage {
        event begins;
        bool taken = false;
    };

    void begin(int number) noexcept;
    void break_order() noexcept;

    std::map<int, stage> stages_;  // each turn that was taken, and the one after it
    bool broken_ = false;
};

}  // namespace rondo::testing
