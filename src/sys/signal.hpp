// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

/// The system calls about signals. A signal that is caught is noted in a set, and an eventfd tells
/// that there is something in it; everything else is left to whoever watches that. Negative results
/// are -errno.
namespace rondo::sys {

/// A set of signals has a bit for each of them.
constexpr bool is_signal(int signal) noexcept { return signal >= 1 && signal <= 64; }
constexpr std::uint64_t signal_bit(int signal) noexcept { return std::uint64_t{1} << (signal - 1); }

bool is_main_thread() noexcept;
/// "SIGTERM", or "signal 77" for one that has no name.
std::string signal_name(int signal);
/// Whether it is raised by an instruction, which would be repeated, and raise it again.
bool is_fault(int signal) noexcept;

/// The eventfd. It is made at the first call and never closed, since a signal handler may be about
/// to write to it in any thread.
int signal_eventfd() noexcept;
/// From now on the signal is noted, whichever thread it reaches. Once, until release_signal().
int catch_signal(int signal) noexcept;
/// The signal does again what it did before.
void release_signal(int signal) noexcept;
/// Those that were noted since the last call.
std::uint64_t take_signals() noexcept;

}  // namespace rondo::sys
