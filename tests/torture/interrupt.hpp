// SPDX-License-Identifier: MIT
#pragma once

/// Ctrl-C lets a long run end in good order, with the sum of what it has found.
namespace torture {

/// From now on the first Ctrl-C is noted, and the second one kills.
void heed_interrupt() noexcept;
bool interrupted() noexcept;

/// What a shell expects of a program that Ctrl-C has ended.
inline constexpr int interrupted_status = 130;

}  // namespace torture
