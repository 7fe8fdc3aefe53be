// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/core/coro.hpp>
#include <rondo/core/detail/future_core.hpp>
#include <rondo/io/stream_reader.hpp>
#include <rondo/io/stream_writer.hpp>
#include <rondo/os/environment.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

class process;

/// What a standard stream of a child process is connected to: one of the constants, or a descriptor
/// of the caller's, which stays the caller's.
class stdio {
public:
    static const stdio inherit;    // the same as the caller's
    static const stdio pipe;       // a stream of the `process`
    static const stdio devnull;    // nothing comes, and nothing is kept
    static const stdio to_stdout;  // for stderr_: wherever stdout goes

    constexpr stdio(int fd) noexcept : kind_(kind::descriptor), fd_(fd) {}

    /// The descriptor; -1 for the constants.
    constexpr int fd() const noexcept { return fd_; }
    constexpr bool is_descriptor() const noexcept { return kind_ == kind::descriptor; }
    friend constexpr bool operator==(stdio, stdio) noexcept = default;

private:
    enum class kind : std::uint8_t { descriptor, inherit, pipe, devnull, to_stdout };
    constexpr explicit stdio(kind k) noexcept : kind_(k) {}

    kind kind_;
    int fd_ = -1;
};
inline constexpr stdio stdio::inherit{kind::inherit};
inline constexpr stdio stdio::pipe{kind::pipe};
inline constexpr stdio stdio::devnull{kind::devnull};
inline constexpr stdio stdio::to_stdout{kind::to_stdout};

/// How a child process is started. See create_subprocess_exec, which copies what this refers to.
struct process_options {
    stdio stdin_ = stdio::inherit;
    stdio stdout_ = stdio::inherit;
    stdio stderr_ = stdio::inherit;
    std::string_view cwd = {};           // where it starts; empty: where the caller is
    const environment* env = nullptr;    // its variables; null: the caller's
    std::span<const int> pass_fds = {};  // more descriptors that it has, under the same numbers
    bool start_new_session = false;      // away from the terminal, in a process group of its own
    std::size_t limit = stream_reader::default_limit;  // of readline and readuntil
};

/// What a child process has printed. See process::communicate.
struct process_output {
    std::string stdout_;
    std::string stderr_;
};

namespace detail {

class child;

/// What is to be started, and how; it owns all of it.
class command {
public:
    /// `operation` names the caller in errors.
    command(const char* operation, std::string_view program);

    void add(std::string_view argument) { arguments.emplace_back(argument); }
    void add(std::span<const std::string> more) {
        arguments.insert(arguments.end(), more.begin(), more.end());
    }
    void add(const process_options& options);

    const char* operation;
    std::vector<std::string> arguments;  // the program is the first
    stdio standard[3] = {stdio::inherit, stdio::inherit, stdio::inherit};
    std::string cwd;
    std::optional<environment> env;
    std::vector<int> pass_fds;
    bool start_new_session = false;
    std::size_t limit = stream_reader::default_limit;
};

coro<process> start_process(command what);

template <class P>
concept command_part =
    std::convertible_to<const P&, std::string_view> ||
    std::convertible_to<const P&, std::span<const std::string>> || std::same_as<P, process_options>;

template <class... Parts>
consteval bool options_come_last() {
    const bool is_options[] = {std::same_as<Parts, process_options>..., false};
    for (std::size_t i = 0; i + 1 < sizeof...(Parts); ++i) {
        if (is_options[i]) {
            return false;
        }
    }
    return true;
}

}  // namespace detail

/// A child process, as `create_subprocess_exec` starts it: asyncio's Process.
///
///     auto p = co_await rondo::create_subprocess_exec(
///         "sort", "-u", rondo::process_options{.stdin_ = rondo::stdio::pipe,
///                                              .stdout_ = rondo::stdio::pipe});
///     auto [sorted, nothing] = co_await p.communicate("b\na\nb\n");
///     int status = co_await p.wait();
///
/// A process that still runs when its object is destroyed is killed (SIGKILL), and reaped in the
/// background; one that has ended is left alone. `run` does not return before all are reaped, and
/// kills what is left. Nothing of this uses SIGCHLD, and no signal ever reaches another process
/// that has got the same pid. Moved, not copied; calls that are under way keep what they need.
/// Threads: the loop's, which may run in any thread.
class process {
public:
    process(process&& other) noexcept;
    process& operator=(process&& other) noexcept;
    ~process();

    // ---- operations: nothing happens when the process has ended
    /// Throws system_error when there is no such signal, or the process may not be signalled.
    void send_signal(int signal);
    /// SIGTERM: asks it to end.
    void terminate() noexcept;
    /// SIGKILL: ends it. What it has started in its turn goes on.
    void kill() noexcept;

    // ---- awaitables
    /// Returns: the returncode, once the process has ended, whoever may still hold its pipes; it is
    /// given to any number of tasks. Throws: nothing. Cancellation: changes nothing. Fairness:
    /// yields only to wait, or after many at once. Threads: the loop's.
    ///
    /// A process that prints more than its pipes hold waits for a reader: read, or `communicate`.
    [[nodiscard]] coro<int> wait();

    /// Writes `input` to its stdin and closes that, reads both outputs to their ends, and waits for
    /// the process, all at once, so that nobody waits for a pipe that is full. A process that does
    /// not read its input is no error.
    /// Returns: what was read; empty for what is no pipe. Throws: invalid_argument when there is
    /// input and stdin is no pipe; system_error. Cancellation: the process goes on, and the next
    /// call gives what was read; input that was written is not taken back. Fairness: as wait.
    /// Threads: the loop's.
    [[nodiscard]] coro<process_output> communicate(std::string input = {});

    // ---- observers
    int pid() const noexcept;
    /// Nothing while it runs; then its exit status, or the negative number of the signal that
    /// killed it. 255 if somebody else has reaped it, or SIGCHLD is ignored.
    std::optional<int> returncode() const noexcept;
    /// Its standard streams. Throws runtime_error for one that was not started as a pipe.
    stream_writer& stdin_();
    stream_reader& stdout_();
    stream_reader& stderr_();

    /// For rondo's own parts.
    process(detail::core_ref<detail::child> child, std::optional<stream_writer> in,
            std::optional<stream_reader> out, std::optional<stream_reader> err) noexcept;

private:
    void abandon() noexcept;

    detail::core_ref<detail::child> child_;
    std::optional<stream_writer> stdin_pipe_;
    std::optional<stream_reader> stdout_pipe_;
    std::optional<stream_reader> stderr_pipe_;
};

/// Starts a program: `create_subprocess_exec(program, arguments..., process_options{...})`.
///
/// Each argument is a string, or a range of strings such as a std::vector<std::string>; the options
/// may be left out. A program without a "/" in its name is looked for in the PATH that it will see
/// itself. It begins with all signals unblocked and at their defaults, and has no descriptors but
/// its standard streams and `pass_fds`.
///
/// Returns: the process, which runs. Throws: system_error naming the program, or the directory or
/// descriptor that could not be used; invalid_argument for options or strings that cannot be
/// passed. Cancellation: before the start nothing is started; a process that is started is given,
/// and its object takes care of it. Fairness: does not yield, and takes about as long as the kernel
/// needs to load a program. Threads: the loop's.
template <class... Parts>
[[nodiscard]] coro<process> create_subprocess_exec(std::string_view program,
                                                   const Parts&... parts) {
    static_assert((detail::command_part<Parts> && ...),
                  "create_subprocess_exec(program, arguments...): an argument is a string or a "
                  "range of strings; of a number make one with std::to_string");
    static_assert(detail::options_come_last<Parts...>(),
                  "create_subprocess_exec(program, arguments..., options): options come last");
    detail::command what("create_subprocess_exec", program);
    (what.add(parts), ...);
    return detail::start_process(std::move(what));
}

/// The same without arguments, where braces are enough: `create_subprocess_exec("ls", {.cwd =
/// at})`.
[[nodiscard]] coro<process> create_subprocess_exec(std::string_view program,
                                                   const process_options& options);

/// Lets the shell (/bin/sh) carry out a command line. Whoever puts strings of others into it has to
/// quote them: prefer create_subprocess_exec, which needs none.
/// Returns, Throws, Cancellation, Fairness, Threads: as create_subprocess_exec.
[[nodiscard]] coro<process> create_subprocess_shell(std::string_view command_line,
                                                    const process_options& options = {});

}  // namespace rondo
