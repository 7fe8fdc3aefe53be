// SPDX-License-Identifier: MIT
#include "os/loop_signals.hpp"

#include "sys/signal.hpp"
#include "sys/sys.hpp"
#include <rondo/io/detail/turn.hpp>

#include <bit>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace rondo::detail {

namespace {

/// The one loop that handles signals at the moment; the main thread's.
loop_signals* in_charge = nullptr;

template <class F>
void for_each_signal(std::uint64_t bits, F&& fn) {
    for (; bits != 0; bits &= bits - 1) {
        fn(std::countr_zero(bits) + 1);
    }
}

[[noreturn]] void refuse(const char* operation, const std::string& why) {
    throw std::runtime_error(std::string(operation) + ": " + why);
}

}  // namespace

// ---- a handler

signal_handler::signal_handler(loop_core& loop, unique_function<void()> fn)
    : handle_core(loop, std::move(fn), copy_context()) {
    loop_->reserve();
}

signal_handler::~signal_handler() { loop_->unreserve(); }

void signal_handler::queue() noexcept {
    if (!std::exchange(queued_, true)) {
        retain();
        loop_->push(*this);
    }
}

void signal_handler::run() noexcept {
    queued_ = false;
    if (!is_cancelled()) {
        invoke();
    }
    release();
}

void signal_handler::drop() noexcept {
    queued_ = false;
    release();
}

// ---- a signal_source

signal_watch::signal_watch(loop_signals& in, signal_set wanted) : in_(&in), wanted_(wanted) {
    in.add(*this, wanted);
}

void signal_watch::stop() noexcept {
    if (in_ != nullptr) {
        std::exchange(in_, nullptr)->remove(*this, wanted_);
        wake_all(waiters_);
    }
}

void signal_watch::note(std::uint64_t arrived) noexcept {
    arrived_ |= arrived & wanted_.bits();
    if (arrived_ != 0) {
        wake_all(waiters_);
    }
}

std::optional<int> signal_watch::take() noexcept {
    if (arrived_ == 0) {
        return std::nullopt;
    }
    const int first = std::countr_zero(arrived_) + 1;
    arrived_ &= arrived_ - 1;
    return first;
}

// ---- the loop's signals

loop_signals& loop_signals::of_running_loop(const char* operation) {
    loop_core& loop = running_core(operation);
    if (!sys::is_main_thread()) {
        refuse(operation,
               "signals are for a loop in the main thread, and this one runs in another; pass them "
               "on from there with call_soon_threadsafe");
    }
    return use_service<loop_signals>(loop);
}

void loop_signals::want(int signal, const char* operation) {
    int& by = wanted_by_[static_cast<std::size_t>(signal)];
    if (by > 0) {
        ++by;
        return;
    }
    if (sys::is_fault(signal)) {
        refuse(operation, sys::signal_name(signal) +
                              " means that the program cannot go on, so no loop could handle it");
    }
    if (caught_ == 0) {
        begin_watch(operation);
    }
    if (sys::catch_signal(signal) < 0) {
        if (caught_ == 0) {
            end_watch();
        }
        refuse(operation, sys::signal_name(signal) + " cannot be caught");
    }
    ++by;
    ++caught_;
}

void loop_signals::do_not_want(int signal) noexcept {
    if (--wanted_by_[static_cast<std::size_t>(signal)] > 0) {
        return;
    }
    sys::release_signal(signal);
    if (--caught_ == 0) {
        end_watch();
    }
}

void loop_signals::begin_watch(const char* operation) {
    if (in_charge != nullptr) {
        refuse(operation,
               "another event loop of this thread handles signals already; close it first");
    }
    const int fd = sys::signal_eventfd();
    if (fd < 0) {
        throw std::system_error(-fd, std::generic_category(),
                                std::string(operation) + ": eventfd for signals");
    }
    watch_ = fd_ref::adopt(*new fd_state(fd, fd_state::ownership::borrowed, fd_kind::signal));
    watch_->watch();
    watch_->wait(io_side::read, *this);
    in_charge = this;
}

void loop_signals::end_watch() noexcept {
    watch_->close();
    watch_ = {};
    in_charge = nullptr;
}

bool loop_signals::try_again() noexcept {
    sys::eventfd_clear(watch_->fd());  // first, so that whatever comes meanwhile sets it again
    const std::uint64_t arrived = sys::take_signals();
    for_each_signal(arrived, [&](int signal) {
        if (signal_handler* handler = handlers_[static_cast<std::size_t>(signal)]) {
            handler->queue();
        }
    });
    for (signal_watch* w = watches_.front(); w != nullptr; w = watches_.after(*w)) {
        w->note(arrived);
    }
    return false;
}

void loop_signals::set_handler(int signal, unique_function<void()> fn) {
    signal_handler*& place = handlers_[static_cast<std::size_t>(signal)];
    auto* made = new signal_handler(*loop_, std::move(fn));
    try {
        want(signal, "add_signal_handler");
    } catch (...) {
        made->release();
        throw;
    }
    if (signal_handler* const before = std::exchange(place, made)) {
        before->cancel();
        before->release();
        do_not_want(signal);
    }
}

bool loop_signals::remove_handler(int signal) noexcept {
    signal_handler* handler = std::exchange(handlers_[static_cast<std::size_t>(signal)], nullptr);
    if (handler == nullptr) {
        return false;
    }
    handler->cancel();
    handler->release();
    do_not_want(signal);
    return true;
}

void loop_signals::remove_all_handlers() noexcept {
    for (int signal = 1; sys::is_signal(signal); ++signal) {
        remove_handler(signal);
    }
}

void loop_signals::add(signal_watch& watch, signal_set wanted) {
    std::uint64_t done = 0;
    try {
        for_each_signal(wanted.bits(), [&](int signal) {
            want(signal, "signals");
            done |= sys::signal_bit(signal);
        });
    } catch (...) {
        for_each_signal(done, [&](int signal) { do_not_want(signal); });
        throw;
    }
    watches_.push_back(watch);
}

void loop_signals::remove(signal_watch& watch, signal_set wanted) noexcept {
    watches_.remove(watch);
    for_each_signal(wanted.bits(), [&](int signal) { do_not_want(signal); });
}

coro<void> loop_signals::shutdown() {
    remove_all_handlers();
    co_return;
}

void loop_signals::close() noexcept {
    remove_all_handlers();
    while (signal_watch* w = watches_.front()) {
        w->stop();
    }
}

}  // namespace rondo::detail
