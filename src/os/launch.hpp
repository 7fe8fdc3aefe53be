// SPDX-License-Identifier: MIT
#pragma once

#include "sys/process.hpp"
#include <rondo/os/subprocess.hpp>

namespace rondo::detail {

/// A program that was started, and the caller's ends of its pipes.
struct launched {
    sys::spawned process;
    sys::unique_fd pipes[3];  // none where there is no pipe
};

/// Starts it. Throws system_error or invalid_argument.
launched launch(const command& what);

}  // namespace rondo::detail
