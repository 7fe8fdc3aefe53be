// SPDX-License-Identifier: MIT
#include "net/home_loop.hpp"

#include <rondo/core/debug.hpp>

#include <new>
#include <stdexcept>
#include <string>

namespace rondo::detail {

namespace {

std::string sentence(const char* operation) {
    return std::string(operation) +
           ": it belongs to another event loop; call it there, by submit_to, "
           "run_coroutine_threadsafe or call_soon_threadsafe";
}

}  // namespace

void home_loop::check(const char* operation) const {
    if (is_stranger_to(loop_, serial_)) {
        throw std::runtime_error(sentence(operation));
    }
}

bool home_loop::reports_stranger(const char* operation) const noexcept {
    if (elsewhere() == nullptr) {
        return false;
    }
    std::string said;
    try {
        said = sentence(operation);
    } catch (const std::bad_alloc&) {
        said = "another loop";  // short, so that it needs no memory
    }
    if (exec.loop != nullptr) {
        exec.loop->report(said);
    } else {
        warn(said);
    }
    return true;
}

event_loop* home_loop::elsewhere() const noexcept {
    if (exec.loop == loop_) {
        return nullptr;
    }
    const with_live_loop home(loop_, serial_);
    return home && home->running() ? &home->face() : nullptr;
}

}  // namespace rondo::detail
