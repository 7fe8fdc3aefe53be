// SPDX-License-Identifier: MIT
#include "os/launch.hpp"

#include "sys/file.hpp"
#include "sys/pipe.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace rondo::detail {

namespace {

constexpr const char* stream_names[] = {"stdin_", "stdout_", "stderr_"};
constexpr const char* path_without_one = "/bin:/usr/bin";  // the C library's

[[noreturn]] void fail(const command& what, int negative_errno, const std::string& sentence) {
    throw std::system_error(-negative_errno, std::generic_category(),
                            std::string(what.operation) + ": " + sentence);
}

[[noreturn]] void refuse(const command& what, const std::string& sentence) {
    throw std::invalid_argument(std::string(what.operation) + ": " + sentence);
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

/// Strings as exec() takes them; they stay the owner's.
class c_strings {
public:
    explicit c_strings(const std::vector<std::string>& owner) {
        for (const std::string& text : owner) {
            pointers_.push_back(text.c_str());
        }
        pointers_.push_back(nullptr);
    }
    const char* const* get() const noexcept { return pointers_.data(); }

private:
    std::vector<const char*> pointers_;
};

void check_strings(const command& what) {
    if (what.arguments.front().empty()) {
        refuse(what, "the name of the program is empty");
    }
    for (const std::string& argument : what.arguments) {
        if (argument.find('\0') != argument.npos) {
            refuse(what, "an argument of " + quoted(what.arguments.front()) +
                             " has a NUL byte in it, where the program would see its end");
        }
    }
    if (what.cwd.find('\0') != what.cwd.npos) {
        refuse(what, "cwd has a NUL byte in it");
    }
}

// ---- where it starts, and which file it is

sys::unique_fd open_cwd(const command& what) {
    if (what.cwd.empty()) {
        return {};
    }
    sys::unique_fd directory(sys::open_directory(what.cwd.c_str()));
    if (!directory) {
        fail(what, directory.get(), "cannot use " + quoted(what.cwd) + " as cwd");
    }
    return directory;
}

std::string path_for(const command& what) {
    const auto path = what.env ? what.env->get("PATH") : environment().get("PATH");
    return path.value_or(path_without_one);
}

/// Looks in the directories of PATH, the empty one being that where it starts.
std::string find_in_path(const command& what, int directory) {
    const std::string& program = what.arguments.front();
    const std::string path = path_for(what);
    int error = -ENOENT;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        const std::string folder = path.substr(begin, end - begin);
        const std::string candidate = (folder.empty() ? "." : folder) + "/" + program;
        const int found = sys::find_program(directory, candidate.c_str());
        if (found == 0) {
            return candidate;
        }
        error = found == -EACCES ? found : error;
        begin = end + 1;
    }
    fail(what, error,
         quoted(program) +
             (error == -EACCES ? " may not be executed; PATH is "
                               : " is not found in PATH, which is ") +
             quoted(path));
}

std::string find_program(const command& what, int directory) {
    const std::string& program = what.arguments.front();
    return program.find('/') != program.npos ? program : find_in_path(what, directory);
}

[[noreturn]] void fail_to_start(const command& what, int negative_errno, const std::string& program,
                                int directory) {
    const bool exists = sys::find_program(directory, program.c_str()) == 0;
    fail(what, negative_errno,
         "cannot start " + quoted(program) +
             (negative_errno == -ENOENT && exists ? ": its interpreter is missing" : ""));
}

// ---- its standard streams

/// What the child gets, while it is being started.
class standard_streams {
public:
    explicit standard_streams(const command& what) {
        for (int i = 0; i < 3; ++i) {
            connect(what, i);
        }
    }
    void describe(sys::spawn_request& request) const noexcept {
        std::copy(child_side_, child_side_ + 3, request.standard);
        request.stderr_to_stdout = stderr_to_stdout_;
    }
    sys::unique_fd take_ours(int i) noexcept { return std::move(ours_[i]); }

private:
    void connect(const command& what, int i) {
        const stdio to = what.standard[i];
        if (to == stdio::pipe) {
            make_pipe(what, i);
        } else if (to == stdio::devnull) {
            owned_[i] = sys::unique_fd(sys::open_null());
            check(what, i, owned_[i].get());
            child_side_[i] = owned_[i].get();
        } else if (to == stdio::to_stdout) {
            use_stdout(what, i);
        } else if (to != stdio::inherit) {
            check(what, i, sys::is_open(to.fd()) ? 0 : -EBADF);
            child_side_[i] = to.fd();
        }
    }
    void make_pipe(const command& what, int i) {
        const bool it_reads = i == 0;
        check(what, i, it_reads ? sys::pipe(owned_[i], ours_[i]) : sys::pipe(ours_[i], owned_[i]));
        child_side_[i] = owned_[i].get();
    }
    void use_stdout(const command& what, int i) {
        if (i != 2) {
            refuse(what,
                   std::string("stdio::to_stdout is for stderr_, not for ") + stream_names[i]);
        }
        stderr_to_stdout_ = true;
    }
    static void check(const command& what, int i, int result) {
        if (result < 0) {
            const stdio to = what.standard[i];
            fail(what, result,
                 to.is_descriptor() ? "file descriptor " + std::to_string(to.fd()) + ", given as " +
                                          stream_names[i]
                                    : std::string("cannot make ") + stream_names[i]);
        }
    }

    sys::unique_fd ours_[3];
    sys::unique_fd owned_[3];  // what of the child's side is closed here afterwards
    int child_side_[3] = {-1, -1, -1};
    bool stderr_to_stdout_ = false;
};

void check_passed(const command& what) {
    for (const int fd : what.pass_fds) {
        if (!sys::is_open(fd)) {
            fail(what, -EBADF, "file descriptor " + std::to_string(fd) + " of pass_fds");
        }
    }
}

}  // namespace

launched launch(const command& what) {
    check_strings(what);
    check_passed(what);
    const sys::unique_fd directory = open_cwd(what);
    const std::string program = find_program(what, directory.get());
    const c_strings arguments(what.arguments);
    std::optional<c_strings> variables;
    if (what.env) {
        variables.emplace(what.env->entries());
    }
    standard_streams standard(what);

    sys::spawn_request request;
    request.program = program.c_str();
    request.arguments = arguments.get();
    request.environment = variables ? variables->get() : sys::environment();
    request.passed = what.pass_fds;
    request.directory = directory.get();
    request.new_session = what.start_new_session;
    standard.describe(request);

    launched result;
    const int error = sys::spawn(request, result.process);
    if (error < 0) {
        fail_to_start(what, error, program, directory.get());
    }
    for (int i = 0; i < 3; ++i) {
        result.pipes[i] = standard.take_ours(i);
    }
    return result;
}

}  // namespace rondo::detail
