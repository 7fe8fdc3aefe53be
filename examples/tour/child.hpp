// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <string>
#include <vector>

#include <sys/types.h>

namespace tour {

/// A child process whose output is read by the running loop. Killed if it is still alive when the
/// object goes.
class child {
public:
    /// `environment` is added to our own. Throws std::system_error.
    child(const std::string& program, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment);
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child();

    /// Reads stdout and stderr until the child has closed both.
    rondo::coro<void> read_output();
    /// Until the child has printed something on stdout.
    rondo::coro<void> wait_for_output();

    void interrupt();  // Ctrl-C
    void kill();
    /// The status, as waitpid gives it. Blocks; after read_output() not for long.
    int wait();

    const std::string& out() const { return out_; }
    const std::string& err() const { return err_; }

private:
    rondo::coro<void> read_all(int fd, std::string& into);

    pid_t pid_ = 0;
    int out_fd_ = -1;
    int err_fd_ = -1;
    std::string out_;
    std::string err_;
    rondo::event printed_;
};

}  // namespace tour
