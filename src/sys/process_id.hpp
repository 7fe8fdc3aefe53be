// SPDX-License-Identifier: MIT
#pragma once

/// The system calls about this process.
namespace rondo::sys {

/// getpid() without the system call: a load, except for the first time in a process. What a fork
/// inherits tells by it that it is in another process now.
int process_id() noexcept;

}  // namespace rondo::sys
