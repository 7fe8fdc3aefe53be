// SPDX-License-Identifier: MIT
#include "sys/interrupt.hpp"

#include "sys/dispositions.hpp"
#include "sys/signal.hpp"

#include <csignal>

namespace rondo::sys {

namespace {

struct sigaction before{};  // what catch_interrupt_once replaced

}  // namespace

bool catch_interrupt_once(void (*handler)(int)) noexcept {
    struct sigaction now{};
    if (!is_main_thread() || ::sigaction(SIGINT, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) {
        return false;
    }
    struct sigaction ours{};
    ours.sa_handler = handler;
    ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    return ::sigaction(SIGINT, &ours, &before) == 0;
}

void release_interrupt(void (*handler)(int)) noexcept {
    struct sigaction now{};
    ::sigaction(SIGINT, nullptr, &now);
    if (is_catcher(now, handler)) {
        ::sigaction(SIGINT, &before, nullptr);
    }
    replace_saved(SIGINT, handler, before);
}

}  // namespace rondo::sys
