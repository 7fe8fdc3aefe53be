// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

namespace rondo::sys {

/// Whether a signal goes to `handler`, which was installed over the default for one time, or has
/// gone there already.
inline bool is_catcher(const struct sigaction& now, void (*handler)(int)) noexcept {
    return now.sa_handler == handler || now.sa_handler == SIG_DFL;
}

/// `handler` goes away: if release_signal() would give the signal back to it, that becomes
/// `instead`.
void replace_saved(int signal, void (*handler)(int), const struct sigaction& instead) noexcept;

}  // namespace rondo::sys
