// SPDX-License-Identifier: MIT
#pragma once

#include "sys/unique_fd.hpp"

#include <cstdint>
#include <span>

/// The system calls about child processes, which are known by a descriptor (pidfd), so that none of
/// them ever meets another process with the same number. Negative results are -errno.
namespace rondo::sys {

/// What a child is to be. Everything that is not named here is closed in it; signals are unblocked
/// and have their default effect.
struct spawn_request {
    const char* program = nullptr;           // a path
    const char* const* arguments = nullptr;  // the first is the name; null at the end
    const char* const* environment = nullptr;
    int standard[3] = {-1, -1, -1};  // what its stdin, stdout, stderr are; negative: the caller's
    bool stderr_to_stdout = false;
    std::span<const int> passed{};  // descriptors that it has under the same number
    int directory = -1;  // a descriptor of where it starts; negative: where the caller is
    bool new_session = false;
};

/// A child that was started. While the object has the pidfd, it owns the child, and its destructor
/// kills and reaps it.
struct spawned {
    spawned() = default;
    spawned(spawned&& other) noexcept = default;
    spawned& operator=(spawned&&) = delete;
    ~spawned();

    int pid = 0;
    unique_fd pidfd;  // none when the child ended at once, and the process ignores SIGCHLD
};

/// Returns when the program runs.
int spawn(const spawn_request& request, spawned& child) noexcept;

/// What an end of a child looked like.
struct child_end {
    bool ended = false;
    int returncode = 0;  // negative: the signal that killed it
};
/// Reaps the child if it has ended. -ECHILD when somebody else has.
int reap(int pidfd, child_end& end) noexcept;
/// Blocks until the child has ended, at most that long; negative means for ever.
void wait_for_end(int pidfd, int milliseconds) noexcept;
int send_signal(int pidfd, int signal) noexcept;
inline constexpr int signal_terminate = 15;  // SIGTERM
inline constexpr int signal_kill = 9;        // SIGKILL

/// Whether `path`, taken from `directory` (negative: from here), is a file that may be executed: 0,
/// -EACCES, -ENOENT …
int find_program(int directory, const char* path) noexcept;
/// A descriptor of a directory that is good for nothing but to name it.
int open_directory(const char* path) noexcept;
/// "NAME=value" each; null at the end.
const char* const* environment() noexcept;
bool is_open(int fd) noexcept;

}  // namespace rondo::sys
