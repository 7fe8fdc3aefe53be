// SPDX-License-Identifier: MIT
#include "os/loop_signals.hpp"
#include "sys/signal.hpp"
#include <rondo/io/detail/turn.hpp>
#include <rondo/os/signals.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace rondo {

using detail::loop_signals;
using detail::signal_watch;
using watch_ref = detail::core_ref<signal_watch>;

namespace {

void check_number(const char* operation, int signal) {
    if (!sys::is_signal(signal)) {
        throw std::invalid_argument(std::string(operation) + ": there is no signal " +
                                    std::to_string(signal));
    }
}

coro<std::optional<int>> next_of(watch_ref watch) {
    detail::turn<signal_watch> wait(*watch, watch->waiters(), signal_watch::must_wait, "signals");
    co_await wait;
    co_return watch->take();
}

}  // namespace

void signal_set::add(int signal) {
    check_number("signal_set", signal);
    bits_ |= sys::signal_bit(signal);
}

bool signal_set::contains(int signal) const noexcept {
    return sys::is_signal(signal) && (bits_ & sys::signal_bit(signal)) != 0;
}

signal_source::signal_source(signal_set wanted)
    : watch_(
          watch_ref::adopt(*new signal_watch(loop_signals::of_running_loop("signals"), wanted))) {}

signal_source::signal_source(signal_source&& other) noexcept = default;

signal_source& signal_source::operator=(signal_source&& other) noexcept {
    if (this != &other) {
        stop();
        watch_ = std::move(other.watch_);
    }
    return *this;
}

signal_source::~signal_source() { stop(); }

void signal_source::stop() noexcept {
    if (watch_) {
        watch_->stop();
    }
}

coro<std::optional<int>> signal_source::next() { return next_of(watch_); }

detail::immediate<void> signal_source::aclose() noexcept {
    stop();
    return {};
}

void detail::add_signal_handler(int signal, unique_function<void()> fn) {
    auto& signals = loop_signals::of_running_loop("add_signal_handler");
    check_number("add_signal_handler", signal);
    signals.set_handler(signal, std::move(fn));
}

bool remove_signal_handler(int signal) {
    auto& signals = loop_signals::of_running_loop("remove_signal_handler");
    check_number("remove_signal_handler", signal);
    return signals.remove_handler(signal);
}

}  // namespace rondo
