// SPDX-License-Identifier: MIT
#include "io/stream_core.hpp"
#include "os/child.hpp"
#include "os/launch.hpp"
#include <rondo/core/gather.hpp>
#include <rondo/core/sleep.hpp>
#include <rondo/io/detail/turn.hpp>
#include <rondo/os/subprocess.hpp>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace rondo {

static_assert(std::is_trivially_destructible_v<process_options>);

using detail::child_ref;
using detail::stream_ref;

// ---- starting

namespace detail {

command::command(const char* of, std::string_view program) : operation(of) { add(program); }

void command::add(const process_options& options) {
    standard[0] = options.stdin_;
    standard[1] = options.stdout_;
    standard[2] = options.stderr_;
    cwd = options.cwd;
    if (options.env != nullptr) {
        env = *options.env;
    }
    pass_fds.assign(options.pass_fds.begin(), options.pass_fds.end());
    start_new_session = options.start_new_session;
    limit = options.limit;
}

namespace {

template <class Stream, class... Options>
std::optional<Stream> stream_over(sys::unique_fd& pipe, Options... options) {
    return pipe ? std::optional<Stream>(std::in_place, pipe.release(), options...) : std::nullopt;
}

process start_now(const command& what) {
    launched started = launch(what);
    auto in = stream_over<stream_writer>(started.pipes[0]);
    auto out = stream_over<stream_reader>(started.pipes[1], what.limit);
    auto err = stream_over<stream_reader>(started.pipes[2], what.limit);
    return process(child::adopt(std::move(started.process)), std::move(in), std::move(out),
                   std::move(err));
}

}  // namespace

coro<process> start_process(command what) {
    co_await checkpoint();
    co_return start_now(what);
}

}  // namespace detail

coro<process> create_subprocess_exec(std::string_view program, const process_options& options) {
    detail::command what("create_subprocess_exec", program);
    what.add(options);
    return detail::start_process(std::move(what));
}

coro<process> create_subprocess_shell(std::string_view command_line,
                                      const process_options& options) {
    detail::command what("create_subprocess_shell", "/bin/sh");
    what.add("-c");
    what.add(command_line);
    what.add(options);
    return detail::start_process(std::move(what));
}

// ---- awaiting: the coroutines own what they use, so that the process may be moved, or go

namespace {

/// The most that is handed to the kernel, or kept, at once.
constexpr std::size_t input_slice = detail::stream_core::high_mark;

bool is_loss_of_reader(const std::system_error& error) {
    return error.code().value() == EPIPE || error.code().value() == ECONNRESET;
}

coro<void> feed(stream_ref to, std::string input) {
    std::string_view left = input;
    try {
        while (!left.empty()) {
            to->write(left.substr(0, input_slice));
            left.remove_prefix(std::min(left.size(), input_slice));
            co_await detail::drain_awaiter(to);
        }
    } catch (const std::system_error& error) {
        if (!is_loss_of_reader(error)) {
            throw;
        }
    }
    if (to) {
        to->close();
    }
}

coro<void> collect_output(stream_ref from) {
    if (from && !from->closing()) {
        detail::fill_awaiter everything(from, std::string::npos, "communicate");
        co_await everything;
    }
}

std::string output_of(const stream_ref& from) {
    return from ? from->take(from->kept().size()) : std::string();
}

coro<int> wait_for_end(child_ref child) {
    detail::turn<detail::child> wait(*child, child->waiters(), detail::child::is_running,
                                     "process");
    co_await wait;
    co_return *child->returncode();
}

coro<process_output> exchange_all(child_ref child, stream_ref in, stream_ref out, stream_ref err,
                                  std::string input) {
    auto feeding = feed(in, std::move(input));
    auto reading_out = collect_output(out);
    auto reading_err = collect_output(err);
    co_await gather(std::move(feeding), std::move(reading_out), std::move(reading_err));
    co_await wait_for_end(child);
    process_output result{output_of(out), output_of(err)};
    co_return result;
}

template <class Stream>
stream_ref state_of(const std::optional<Stream>& stream) {
    return stream ? stream->core() : stream_ref();
}

template <class Stream>
Stream& pipe_or_throw(std::optional<Stream>& stream, const char* name) {
    if (!stream) {
        throw std::runtime_error(std::string("process::") + name + "(): this process has no pipe " +
                                 "there; start it with process_options{." + name +
                                 " = stdio::pipe}");
    }
    return *stream;
}

const child_ref& check_not_moved(const child_ref& child, const char* operation) {
    if (!child) {
        throw std::runtime_error(std::string("process::") + operation +
                                 ": there is no process, for it was moved from");
    }
    return child;
}

}  // namespace

coro<int> process::wait() { return wait_for_end(check_not_moved(child_, "wait")); }

coro<process_output> process::communicate(std::string input) {
    check_not_moved(child_, "communicate");
    if (!input.empty() && !stdin_pipe_) {
        throw std::invalid_argument(
            "process::communicate: there is input, but stdin is no pipe; start the process with "
            "process_options{.stdin_ = stdio::pipe}");
    }
    return exchange_all(child_, state_of(stdin_pipe_), state_of(stdout_pipe_),
                        state_of(stderr_pipe_), std::move(input));
}

// ---- the rest

process::process(child_ref child, std::optional<stream_writer> in, std::optional<stream_reader> out,
                 std::optional<stream_reader> err) noexcept
    : child_(std::move(child)),
      stdin_pipe_(std::move(in)),
      stdout_pipe_(std::move(out)),
      stderr_pipe_(std::move(err)) {}

process::process(process&& other) noexcept = default;

process& process::operator=(process&& other) noexcept {
    if (this != &other) {
        abandon();
        child_ = std::move(other.child_);
        stdin_pipe_ = std::move(other.stdin_pipe_);
        stdout_pipe_ = std::move(other.stdout_pipe_);
        stderr_pipe_ = std::move(other.stderr_pipe_);
    }
    return *this;
}

process::~process() { abandon(); }

void process::abandon() noexcept {
    kill();
    if (stdin_pipe_) {
        stdin_pipe_->abort();  // what it has started may hold the other end for ever
    }
}

void process::send_signal(int signal) {
    const int result = check_not_moved(child_, "send_signal")->send_signal(signal);
    if (result < 0) {
        throw std::system_error(
            -result, std::generic_category(),
            "send_signal(" + std::to_string(signal) + ") to process " + std::to_string(pid()));
    }
}

void process::terminate() noexcept {
    if (child_) {
        child_->send_signal(sys::signal_terminate);
    }
}
void process::kill() noexcept {
    if (child_) {
        child_->send_signal(sys::signal_kill);
    }
}

int process::pid() const noexcept { return child_ ? child_->pid() : -1; }
std::optional<int> process::returncode() const noexcept {
    return child_ ? child_->returncode() : std::nullopt;
}
stream_writer& process::stdin_() {
    check_not_moved(child_, "stdin_");
    return pipe_or_throw(stdin_pipe_, "stdin_");
}
stream_reader& process::stdout_() {
    check_not_moved(child_, "stdout_");
    return pipe_or_throw(stdout_pipe_, "stdout_");
}
stream_reader& process::stderr_() {
    check_not_moved(child_, "stderr_");
    return pipe_or_throw(stderr_pipe_, "stderr_");
}

}  // namespace rondo
