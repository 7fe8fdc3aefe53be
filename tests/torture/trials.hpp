// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <span>

namespace torture {

/// A program that must survive whatever fails in it: end well, or with an error that says so.
struct trial {
    const char* name;
    rondo::coro<void> (*play)();
    /// Where it runs; simulated time, unless it says a driver of the kernel's.
    rondo::driver_kind driver = rondo::driver_kind::automatic;
};
std::span<const trial> trials();

}  // namespace torture
