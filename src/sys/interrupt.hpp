// SPDX-License-Identifier: MIT
#pragma once

namespace rondo::sys {

/// Calls `handler` at the next Ctrl-C (SIGINT); the one after that does what it did before, which
/// is to kill. False, with nothing changed, outside the main thread or when SIGINT is handled or
/// ignored already.
bool catch_interrupt_once(void (*handler)(int)) noexcept;
/// Takes `handler` back, unless somebody has put another one in its place meanwhile.
void release_interrupt(void (*handler)(int)) noexcept;

}  // namespace rondo::sys
