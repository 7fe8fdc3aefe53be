// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// Which run it is that crashes, or does not end.
namespace torture {

/// From now on `name` is told when the process is killed by an error of its own, and every half
/// minute for which it goes on.
void begin_run(std::string_view name) noexcept;

}  // namespace torture
