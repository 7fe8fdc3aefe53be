// SPDX-License-Identifier: MIT
#include "sys/process.hpp"

#include "sys/door.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <new>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rondo::sys {

namespace {

static_assert(signal_terminate == SIGTERM && signal_kill == SIGKILL);

constexpr int first_above_standard = 3;
constexpr auto by_pidfd = static_cast<idtype_t>(3);  // P_PIDFD, which older headers do not have

/// What the child does between its start and the program, in this order.
class spawn_steps {
public:
    spawn_steps() noexcept { ::posix_spawn_file_actions_init(&actions_); }
    spawn_steps(const spawn_steps&) = delete;
    spawn_steps& operator=(const spawn_steps&) = delete;
    ~spawn_steps() { ::posix_spawn_file_actions_destroy(&actions_); }

    void enter(int directory) {
        if (directory >= 0) {
            check(::posix_spawn_file_actions_addfchdir_np(&actions_, directory));
        }
    }
    /// `from` and `to` may be the same: then it is merely kept.
    void place(int from, int to) { check(::posix_spawn_file_actions_adddup2(&actions_, from, to)); }
    /// Closes everything above the standard streams but `kept`.
    void close_all_but(std::span<const int> kept) {
        std::vector<int> sorted(kept.begin(), kept.end());
        std::sort(sorted.begin(), sorted.end());
        int next = first_above_standard;
        for (const int fd : sorted) {
            for (; next < fd; ++next) {
                check(::posix_spawn_file_actions_addclose(&actions_, next));
            }
            next = std::max(next, fd + 1);
        }
        check(::posix_spawn_file_actions_addclosefrom_np(&actions_, next));
    }
    const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    static void check(int error) {
        if (error != 0) {
            throw std::bad_alloc();  // nothing else can go wrong before they are carried out
        }
    }
    posix_spawn_file_actions_t actions_;
};

class spawn_attributes {
public:
    explicit spawn_attributes(bool new_session) noexcept {
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(
            &attributes_, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                             (new_session ? POSIX_SPAWN_SETSID : 0)));
        sigset_t signals;
        sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        sigfillset(&signals);
        sigdelset(&signals, SIGKILL);
        sigdelset(&signals, SIGSTOP);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    }
    spawn_attributes(const spawn_attributes&) = delete;
    spawn_attributes& operator=(const spawn_attributes&) = delete;
    ~spawn_attributes() { ::posix_spawnattr_destroy(&attributes_); }
    const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_;
};

/// What the child's standard streams come from, none of it in the place of another stream, so that
/// they can be put in their places one after the other.
class standard_sources {
public:
    /// -errno when a descriptor cannot be duplicated.
    int prepare(const int (&wanted)[3]) noexcept {
        for (int i = 0; i < 3; ++i) {
            from_[i] = wanted[i];
            if (wanted[i] < 0 || wanted[i] == i || wanted[i] >= first_above_standard) {
                continue;
            }
            moved_[i] = unique_fd(ask(call::dup, [&] {
                return ::fcntl(wanted[i], F_DUPFD_CLOEXEC, first_above_standard);
            }));
            from_[i] = moved_[i].get();
            if (from_[i] < 0) {
                return from_[i];
            }
        }
        return 0;
    }
    void place_by(spawn_steps& steps) const {
        for (int i = 0; i < 3; ++i) {
            if (from_[i] >= 0) {
                steps.place(from_[i], i);
            }
        }
    }

private:
    int from_[3] = {-1, -1, -1};
    unique_fd moved_[3];
};

/// Ends a child for which there is no pidfd.
void kill_and_reap(pid_t pid) noexcept {
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

int wait_by_pidfd(int pidfd, siginfo_t& info, int how) noexcept {
    return repeated([&] {
        return ask(call::waitid,
                   [&] { return ::waitid(by_pidfd, static_cast<id_t>(pidfd), &info, how); });
    });
}

/// -ESRCH when it is over and somebody has reaped it. Its number may then be that of a stranger.
int open_pidfd(pid_t child) noexcept {
    unique_fd pidfd(ask(call::pidfd_open,
                        [&] { return static_cast<int>(::syscall(SYS_pidfd_open, child, 0)); }));
    siginfo_t info{};
    if (pidfd && wait_by_pidfd(pidfd.get(), info, WEXITED | WNOHANG | WNOWAIT) == -ECHILD) {
        return -ESRCH;
    }
    return pidfd.release();
}

int start(const spawn_request& request, spawned& child) {
    standard_sources standard;
    if (const int result = standard.prepare(request.standard); result < 0) {
        return result;
    }
    spawn_steps steps;
    steps.enter(request.directory);
    standard.place_by(steps);
    if (request.stderr_to_stdout) {
        steps.place(STDOUT_FILENO, STDERR_FILENO);
    }
    for (const int fd : request.passed) {
        steps.place(fd, fd);
    }
    steps.close_all_but(request.passed);
    const spawn_attributes attributes(request.new_session);
    if (const int refused = at_door != nullptr ? refusal(call::posix_spawn) : 0; refused < 0) {
        return refused;
    }
    const int error = ::posix_spawn(&child.pid, request.program, steps.get(), attributes.get(),
                                    const_cast<char* const*>(request.arguments),
                                    const_cast<char* const*>(request.environment));
    return -error;
}

}  // namespace

spawned::~spawned() {
    if (pidfd) {
        send_signal(pidfd.get(), SIGKILL);
        wait_for_end(pidfd.get(), -1);
        child_end end;
        reap(pidfd.get(), end);
    }
}

int spawn(const spawn_request& request, spawned& child) noexcept {
    try {
        if (const int result = start(request, child); result < 0) {
            return result;
        }
    } catch (const std::bad_alloc&) {
        return -ENOMEM;
    }
    child.pidfd = unique_fd(open_pidfd(child.pid));
    const int result = child.pidfd.get();
    if (result < 0 && result != -ESRCH) {
        kill_and_reap(child.pid);
        return result;
    }
    return 0;
}

int reap(int pidfd, child_end& end) noexcept {
    siginfo_t info{};
    if (const int result = wait_by_pidfd(pidfd, info, WEXITED | WNOHANG); result < 0) {
        return result;
    }
    end.ended = info.si_pid != 0;
    end.returncode = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    return 0;
}

void wait_for_end(int pidfd, int milliseconds) noexcept {
    pollfd about{pidfd, POLLIN, 0};
    while (::poll(&about, 1, milliseconds) < 0 && errno == EINTR) {
    }
}

int send_signal(int pidfd, int signal) noexcept {
    return ask(call::pidfd_send_signal, [&] {
        return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
    });
}

int find_program(int directory, const char* path) noexcept {
    const int from = directory < 0 ? AT_FDCWD : directory;
    struct stat about{};
    const int known = ask(call::fstatat, [&] { return ::fstatat(from, path, &about, 0); });
    if (known < 0) {
        return known;
    }
    if (!S_ISREG(about.st_mode)) {
        return -EACCES;
    }
    return ask(call::faccessat, [&] { return ::faccessat(from, path, X_OK, AT_EACCESS); });
}

int open_directory(const char* path) noexcept {
    return ask(call::open, [&] { return ::open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); });
}

const char* const* environment() noexcept { return ::environ; }

bool is_open(int fd) noexcept { return ::fcntl(fd, F_GETFD) >= 0; }

}  // namespace rondo::sys
