// SPDX-License-Identifier: MIT
#include "child.hpp"

#include <array>
#include <cerrno>
#include <iterator>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tour {
namespace {

void check(int error, const char* what) {
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), what);
    }
}

struct pipe_ends {
    int read_end;
    int write_end;
};

// Only our end must not block, and neither may leak into the other children.
pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return {ends[0], ends[1]};
}

std::vector<char*> null_terminated(const std::vector<std::string>& strings) {
    std::vector<char*> result;
    for (const std::string& s : strings) {
        result.push_back(const_cast<char*>(s.c_str()));
    }
    result.push_back(nullptr);
    return result;
}

int spawn(pid_t& pid, char* const* argv, char* const* envp, int out, int err) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);

    // Ctrl-C must reach the child even where we were started with it ignored.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t interrupt;
    ::sigemptyset(&interrupt);
    ::sigaddset(&interrupt, SIGINT);
    ::posix_spawnattr_setsigdefault(&attributes, &interrupt);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    const int error = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv, envp);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error;
}

// What programs of another machine are started by; nothing when they are of this one.
std::vector<std::string> emulator() {
    std::istringstream words(RONDO_EMULATOR);
    return {std::istream_iterator<std::string>(words), {}};
}

// Waits until `fd` can be read without blocking.
auto readable(int fd) {
    return rondo::suspend<void>([fd](rondo::resolver<void> ready) {
        auto& loop = rondo::get_running_loop();
        loop.add_reader(fd, [fd, ready]() mutable {
            rondo::get_running_loop().remove_reader(fd);
            ready.resolve();
        });
        return [fd] { rondo::get_running_loop().remove_reader(fd); };
    });
}

}  // namespace

child::child(const std::string& program, const std::vector<std::string>& arguments,
             const std::vector<std::string>& environment) {
    const pipe_ends out = make_pipe();
    const pipe_ends err = make_pipe();
    out_fd_ = out.read_end;
    err_fd_ = err.read_end;

    std::vector<std::string> argv = emulator();
    argv.push_back(program);
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::vector<std::string> envp = environment;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        envp.emplace_back(*variable);
    }
    const int error = spawn(pid_, null_terminated(argv).data(), null_terminated(envp).data(),
                            out.write_end, err.write_end);
    ::close(out.write_end);
    ::close(err.write_end);
    if (error != 0) {
        ::close(out_fd_);
        ::close(err_fd_);
        check(error, program.c_str());
    }
}

child::~child() {
    if (pid_ != 0) {
        kill();
        wait();
    }
    ::close(out_fd_);
    ::close(err_fd_);
}

rondo::coro<void> child::read_output() {
    co_await rondo::gather(read_all(out_fd_, out_), read_all(err_fd_, err_));
}

rondo::coro<void> child::wait_for_output() { co_await printed_.wait(); }

rondo::coro<void> child::read_all(int fd, std::string& into) {
    std::array<char, 4096> buffer;
    while (true) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0) {
            into.append(buffer.data(), static_cast<std::size_t>(n));
            if (fd == out_fd_) {
                printed_.set();
            }
        } else if (n < 0 && errno == EAGAIN) {
            co_await readable(fd);
        } else if (n == 0 || errno != EINTR) {
            printed_.set();  // Nobody shall wait for what cannot come.
            co_return;
        }
    }
}

void child::interrupt() { ::kill(pid_, SIGINT); }

void child::kill() { ::kill(pid_, SIGKILL); }

int child::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
}

}  // namespace tour
