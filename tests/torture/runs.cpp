// SPDX-License-Identifier: MIT
#include "torture/runs.hpp"

#include "torture/arguments.hpp"
#include "torture/interrupt.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace torture {

using rondo::testing::call;

namespace {

constexpr unsigned longest_run_s = 20;

/// What a child says while it runs, which is told only if it fails.
class said_aside {
public:
    said_aside() : file_(std::tmpfile()) {}
    said_aside(const said_aside&) = delete;
    said_aside& operator=(const said_aside&) = delete;
    ~said_aside() { std::fclose(file_); }

    void take_stderr() const { ::dup2(::fileno(file_), STDERR_FILENO); }
    void tell() const {
        char text[8192];
        std::rewind(file_);
        const std::size_t size = std::fread(text, 1, sizeof text, file_);
        std::fwrite(text, 1, size, stdout);
    }

private:
    std::FILE* file_;
};

}  // namespace

/// What each call may fail with while the program and the kernel are sound.
std::vector<int> errors_of(call what) {
    switch (what) {
        case call::accept:
            return {EINTR, EMFILE, ENFILE, ENOBUFS, ECONNABORTED, EPERM};
        case call::bind:
            return {EADDRINUSE, EACCES};
        case call::close:
        case call::fsync:
            return {EIO, ENOSPC, EINTR};
        case call::connect:
            return {ECONNREFUSED, ENETUNREACH, ETIMEDOUT, EADDRNOTAVAIL};
        case call::dup:
        case call::epoll_create:
        case call::eventfd:
        case call::pidfd_open:
        case call::pipe:
            return {EMFILE, ENFILE};
        case call::epoll_ctl:
            return {ENOMEM, ENOSPC};
        case call::epoll_wait:
            return {EINTR};
        case call::faccessat:
        case call::fstatat:
            return {EACCES, ENOENT};
        case call::io_uring_enter:
            return {EINTR, EAGAIN, EBUSY};
        case call::io_uring_setup:
            return {EPERM, ENOMEM, EMFILE};
        case call::open:
            return {EINTR, EACCES, ENOENT, EMFILE, ENOSPC};
        case call::posix_spawn:
            return {EAGAIN, ENOMEM};
        case call::pread:
        case call::read:
            return {EINTR, EIO};
        case call::pwrite:
        case call::write:
            return {EINTR, EIO, ENOSPC, EPIPE};
        case call::recv:
            return {EINTR, ECONNRESET, ETIMEDOUT, ENOBUFS};
        case call::send:
            return {EINTR, EPIPE, ECONNRESET, ENOBUFS, EHOSTUNREACH};
        case call::fcntl:
        case call::shutdown:
        case call::sigaction:
            return {};  // they cannot fail, unless something else has
        case call::socket:
            return {EMFILE, ENFILE, ENOBUFS};
        case call::waitid:
            return {EINTR, ECHILD};
        default:
            return {ENOBUFS};
    }
}

std::ptrdiff_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

bool in_child(const std::string& what, rondo::unique_function<std::string()> body) {
    if (interrupted()) {
        return true;
    }
    const said_aside aside;
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child == 0) {
        aside.take_stderr();
        std::signal(SIGINT, SIG_DFL);
        ::alarm(longest_run_s);
        const std::string wrong = body();
        std::fprintf(stderr, "%s\n", wrong.c_str());
        ::_exit(wrong.empty() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0 && !interrupted()) {
        const char* const end = !WIFSIGNALED(status)          ? "fails"
                                : WTERMSIG(status) == SIGALRM ? "hangs"
                                                              : ::strsignal(WTERMSIG(status));
        std::printf("%s: %s\n", what.c_str(), end);
        aside.tell();
        std::fflush(stdout);
    }
    return status == 0;
}

std::optional<counts> count_in_child(const std::string& what,
                                     rondo::unique_function<std::string(counts&)> body) {
    int ends[2];
    if (::pipe(ends) != 0) {
        std::abort();
    }
    counts c;
    const bool well = in_child(what, [&] {
        std::string wrong = body(c);
        return ::write(ends[1], &c, sizeof c) == sizeof c ? std::move(wrong) : "no pipe";
    });
    ::close(ends[1]);  // so that the read ends, whatever became of the child
    const bool came = well && ::read(ends[0], &c, sizeof c) == sizeof c;
    ::close(ends[0]);
    if (came) {
        return c;
    }
    if (!interrupted()) {
        std::printf("%s: cannot be counted\n", what.c_str());
    }
    return std::nullopt;
}

selection limit_and_name(int argc, char** argv) {
    const auto most = argc > 1 ? number(argv[1]) : std::nullopt;
    const int names = most ? 2 : 1;
    if (argc > names + 1) {
        std::fprintf(stderr, "usage: %s [MOST] [NAME]\n", argv[0]);
        std::exit(2);
    }
    return {static_cast<int>(most.value_or(60)), argc > names ? argv[names] : ""};
}

void score::add(bool well) {
    if (!interrupted()) {
        ++runs;
        failures += well ? 0 : 1;
        so_far_.tell(runs, "runs", failures);
    }
}

int score::sum_up() const {
    std::printf("%d runs, %d failures%s\n", runs, failures, interrupted() ? ", interrupted" : "");
    if (interrupted()) {
        return interrupted_status;
    }
    return failures > 0 || runs == 0;
}

}  // namespace torture
