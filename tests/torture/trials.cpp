// SPDX-License-Identifier: MIT
#include "torture/trials.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

namespace torture {

using namespace rondo;
using namespace std::chrono_literals;

namespace {

void require(bool kept, const char* promise) {
    if (!kept) {
        throw std::logic_error(promise);
    }
}

// ---- descriptors

coro<void> echo(stream s) {
    for (auto data = co_await s.read(1000); !data.empty(); data = co_await s.read(1000)) {
        s.write(data);
        co_await s.drain();
    }
}

coro<void> ask(std::uint16_t port) {
    auto s = co_await open_connection("127.0.0.1", port);
    s.write("one line\n");
    const auto line = co_await s.readline();
    require(line == "one line\n" || line.empty(), "a line comes back as it was sent");
    s.write_eof();
    co_await s.read();
    s.close();
    co_await s.wait_closed();
}

coro<void> play_tcp() {
    auto server = co_await start_server(echo, "127.0.0.1", 0);
    auto [one, other] = co_await gather(return_exceptions, ask(server.port()), ask(server.port()));
    server.close();
    co_await server.wait_closed();
    one.value();
    other.value();
}

/// Larger than what is received by way of a buffer.
constexpr std::size_t large = 6000;

coro<void> echo_large(stream given) {
    stream s = std::move(given);  // closed when this ends, and not with its task
    for (auto data = co_await s.read(2 * large); !data.empty(); data = co_await s.read(2 * large)) {
        s.write(data);
        co_await s.drain();
    }
}

coro<std::string> take_large(stream& from) {
    std::string all;
    while (all.size() < large) {
        const auto data = co_await from.read(2 * large);
        if (data.empty()) {
            break;
        }
        all += data;
    }
    co_return all;
}

coro<void> play_large_messages() {
    auto ends = socket::pair();
    stream client(std::move(ends.first));
    auto server = create_task(echo_large(stream(std::move(ends.second))));
    for (int i = 0; i < 3; ++i) {
        client.write(std::string(large, 'x'));
        co_await client.drain();
        const auto answer = co_await take_large(client);
        require(answer.size() == large || server.done(), "a message comes back");
    }
    client.close();
    co_await server;
}

coro<void> play_pipe() {
    auto [reader, writer] = pipe();
    writer.write(std::string(200'000, 'x'));
    writer.write_eof();
    const auto body = [&]() -> coro<void> { co_await writer.wait_closed(); };
    auto [text, nothing] = co_await gather(reader.read(), body());
    require(text.size() == 200'000, "a pipe loses nothing");
}

coro<void> use_file(const std::string& path) {
    co_await write_file(path, "two lines,\nno less\n");
    auto f = co_await open_file(path, "r+");
    const auto line = co_await f.readline();
    require(line == "two lines,\n", "a file has what was written");
    co_await f.write("no more");
    co_await f.seek(0, seek_from::end);
    co_await f.write("a third\n");
    co_await f.sync();
    co_await f.close();
    const auto text = co_await read_file(path);
    require(text == "two lines,\nno more\na third\n", "a file has what was written");
}

coro<void> play_file() {
    char path[] = "/tmp/rondo_torture_XXXXXX";
    const int made = ::mkstemp(path);
    require(made >= 0, "a temporary file can be made");
    ::close(made);
    std::exception_ptr error;
    try {
        co_await use_file(path);
    } catch (...) {
        error = std::current_exception();
    }
    ::unlink(path);
    if (error) {
        std::rethrow_exception(error);
    }
}

coro<void> play_process() {
    auto cat = co_await create_subprocess_exec(
        "cat", process_options{.stdin_ = stdio::pipe, .stdout_ = stdio::pipe});
    auto [text, nothing] = co_await cat.communicate("pear\n");
    const int code = co_await cat.wait();
    require(code != 0 || text == "pear\n" || text.empty(), "a process gets what was written");
}

coro<void> play_signal() {
    auto arriving = signals({SIGUSR1});
    ::raise(SIGUSR1);
    const auto got = co_await arriving.next();
    require(got == SIGUSR1, "the signal arrives");
}

// ---- tasks

coro<void> member(rondo::lock& door, int& inside) {
    auto mine = co_await door.scoped();
    ++inside;
    co_await sleep(1ms);
    --inside;
}

coro<void> play_tasks() {
    rondo::lock door;
    int inside = 0;
    task_group group;
    co_await with(group, [&]() -> coro<void> {
        for (int i = 0; i < 5; ++i) {
            group.create_task(member(door, inside));
        }
        co_await yield_now();
    });
    require(inside == 0, "nobody outlives a group");
}

/// A member that is cancelled ends too, wherever it is by then.
class counts_its_end {
public:
    explicit counts_its_end(int& ended) : ended_(ended) {}
    counts_its_end(const counts_its_end&) = delete;
    counts_its_end& operator=(const counts_its_end&) = delete;
    ~counts_its_end() { ++ended_; }

private:
    int& ended_;
};

coro<void> fail_soon(int& ended) {
    const counts_its_end counted(ended);
    co_await yield_now();
    throw std::system_error(EIO, std::generic_category(), "a member of a group");
}

coro<void> play_failing_group() {
    int ended = 0;
    int started = 0;
    std::exception_ptr error;
    try {
        task_group group;
        co_await with(group, [&]() -> coro<void> {
            for (; started < 5; ++started) {
                group.create_task(fail_soon(ended));
            }
            co_await sleep(1h);
        });
    } catch (...) {
        error = std::current_exception();
    }
    require(ended == started, "nobody outlives a group that fails");
    require(error != nullptr, "the error of a member is the group's");
    std::rethrow_exception(error);
}

coro<void> produce(rondo::queue<std::string>& belt) {
    for (int i = 0; i < 10; ++i) {
        co_await belt.put("item number " + std::to_string(i));
    }
}

coro<void> consume(rondo::queue<std::string>& belt) {
    for (int i = 0; i < 10; ++i) {
        const auto item = co_await belt.get();
        require(item == "item number " + std::to_string(i), "a queue keeps the order");
    }
}

coro<void> play_queue() {
    rondo::queue<std::string> belt(2);
    co_await gather(produce(belt), consume(belt));
}

coro<int> slow(int result) {
    co_await sleep(std::chrono::milliseconds(result));
    co_return result;
}

coro<void> play_combinators() {
    auto [one, two] = co_await gather(slow(1), slow(2));
    require(one == 1 && two == 2, "gather gives results in order");
    const auto first = co_await race(slow(1), slow(20));
    require(first.index() == 0, "the first one wins a race");
    bool in_time = co_await move_on_after(5ms, [&]() -> coro<void> { co_await slow(50); });
    require(!in_time, "a deadline ends what is late");
    auto task = create_task(slow(3));
    const int kept = co_await shield(task);
    require(kept == 3, "a shield gives the result");
    auto limited = wait_for(slow(50), 5ms);
    const auto end = co_await as_outcome(std::move(limited));
    require(!end.has_value(), "a timeout is an error");
}

/// Few allocations, so that the short form, too, fails the one for the timer.
coro<void> play_limit() {
    auto limited = wait_for(slow(1), 1h);
    require(co_await limited == 1, "what ends in time gives its result");
}

coro<void> play_timer() {
    event rung;
    get_running_loop().call_later(1ms, [&rung, text = std::string(100, 'x')] { rung.set(); });
    co_await rung.wait();
}

/// Who was refused a timer for want of memory gets one the next time.
coro<void> play_timer_again() {
    event rung;
    event_loop& loop = get_running_loop();
    const auto ring = [&rung] { rung.set(); };
    try {
        loop.call_later(1ms, ring);
    } catch (const std::bad_alloc&) {
        loop.call_later(1ms, ring);
    }
    co_await rung.wait();
}

coro<void> play_threads() {
    const int sum = co_await to_thread([](int a, int b) { return a + b; }, 2, 3);
    require(sum == 5, "a thread gives its result");
}

coro<void> hear(stream& s) { co_await s.read(1); }

/// More than the kernel takes, in pieces that wait for each other.
coro<void> play_small_pieces() {
    auto [a, b] = rondo::socket::pair();
    stream near(std::move(a));
    stream far(std::move(b));
    auto hearing = create_task(hear(near));  // pieces wait where somebody has waited
    co_await yield_now();
    far.write("!");
    co_await hearing;
    get_running_loop().call_soon([] {});  // and while something is ready
    const std::string piece(4096, '.');
    for (int i = 0; i < 100; ++i) {
        near.write(piece);
    }
    near.write_eof();
    const std::string all = co_await far.read();
    co_await near.drain();
    require(all.size() == 100 * piece.size(), "small pieces arrive whole, or an error says why");
}

/// Answers to a part of what it was sent, and closes.
coro<void> say_last_words(stream given) {
    stream s = std::move(given);
    const auto asked = co_await s.read(100);
    if (!asked.empty()) {
        s.write(std::string(300'000, 'x'));
    }
}

coro<std::size_t> hear_last_words(stream& from) {
    std::size_t heard = 0;
    for (auto data = co_await from.read(50'000); !data.empty(); data = co_await from.read(50'000)) {
        heard += data.size();
    }
    co_return heard;
}

coro<void> ask_for_last_words(stream& s) {
    try {
        s.write(std::string(200'000, 'x'));
        co_await s.drain();
    } catch (...) {
        s.close();  // nobody answers to what was not asked
        throw;
    }
}

coro<void> play_last_words() {
    auto server = co_await start_server(say_last_words, "127.0.0.1", 0);
    auto s = co_await open_connection("127.0.0.1", server.port());
    auto asking = create_task(ask_for_last_words(s));
    const auto heard = co_await hear_last_words(s);
    co_await wait(asking);
    const bool was_lost = asking.exception() != nullptr;
    s.close();
    server.close();
    co_await server.wait_closed();
    require(heard == 300'000 || heard == 0 || was_lost, "what was written before the end arrives");
}

coro<void> send_self(stream given) {
    stream s = std::move(given);
    auto f = co_await open_file("/proc/self/exe");
    co_await s.sendfile(f);
}

/// The client hangs up in the middle.
coro<void> play_sendfile() {
    auto ends = socket::pair();
    stream client(std::move(ends.first));
    auto sending = create_task(send_self(stream(std::move(ends.second))));
    const auto some = co_await client.read(10'000);
    require(!some.empty() || sending.done(), "a file is sent");
    client.close();
    co_await sending;
}

constexpr trial all[] = {
    {"last words on epoll", play_last_words, driver_kind::epoll},
    {"last words on io_uring", play_last_words, driver_kind::io_uring},
    {"sendfile on epoll", play_sendfile, driver_kind::epoll},
    {"tcp", play_tcp},
    {"pipe", play_pipe},
    {"file", play_file},
    {"process", play_process},
    {"signal", play_signal},
    {"tasks", play_tasks},
    {"failing group", play_failing_group},
    {"queue", play_queue},
    {"combinators", play_combinators},
    {"limit", play_limit},
    {"timer", play_timer},
    {"timer again", play_timer_again},
    {"threads", play_threads},
    {"file on epoll", play_file, driver_kind::epoll},
    {"file on io_uring", play_file, driver_kind::io_uring},
    {"small pieces on epoll", play_small_pieces, driver_kind::epoll},
    {"large messages on epoll", play_large_messages, driver_kind::epoll},
    {"pipe on epoll", play_pipe, driver_kind::epoll},
    {"queue on epoll", play_queue, driver_kind::epoll},
    {"pipe on io_uring", play_pipe, driver_kind::io_uring},
    {"queue on io_uring", play_queue, driver_kind::io_uring},
};

}  // namespace

std::span<const trial> trials() { return all; }

}  // namespace torture
