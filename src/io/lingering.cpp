// SPDX-License-Identifier: MIT
#include "io/lingering.hpp"

#include "io/stream_core.hpp"
#include "sys/socket.hpp"
#include <rondo/core/event_loop.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

namespace rondo::detail {

namespace {

using namespace std::chrono_literals;

/// No descriptor tells that the other side has all of it. Mostly it says so within 40 ms, or ends.
constexpr nanoseconds first_pause = 1ms;
constexpr nanoseconds longest_pause = 250ms;

/// Where more was there than one pass may discard: as soon as others had their turn.
constexpr nanoseconds shortest_pause = 1us;

std::ptrdiff_t on_its_way(const fd_state& fd) noexcept {
    return std::max<std::ptrdiff_t>(sys::unacknowledged(fd.fd()), 0);
}

}  // namespace

bool lingering::is_needed(fd_state& of) noexcept {
    if (!of.is_tcp()) {
        // What was sent to a Unix socket has arrived, and no more can come once reading is ended.
        sys::shutdown(of.fd(), sys::half::both);
        while (discard(of) == input::more) {
        }
        return false;
    }
    const bool on_way = on_its_way(of) > 0;
    // The end goes before the reset, if there is one: who reads gets the end in any case.
    sys::shutdown(of.fd(), sys::half::write);
    const input rest = discard(of);
    return rest == input::more || (on_way && rest == input::none_now);
}

box<lingering> lingering::begin(stream_core& of) noexcept {
    try {
        return make_box<lingering>(of);
    } catch (const std::exception&) {
        return {};
    }
}

lingering::lingering(stream_core& of)
    : stream_(core_ref<stream_core>::share(of)),
      loop_(running_core("stream::close")),
      pause_(first_pause) {
    of.fd()->watch();
    of.fd()->wait(io_side::read, *this);
    loop_io::of(loop_).add(*this);
    look();
}

lingering::~lingering() {
    if (armed()) {
        loop_.timers().disarm(*this);
    }
    leave();
    stream_->fd()->leave(io_side::read);
}

void lingering::all_is_sent() noexcept {
    fd_state& fd = *stream_->fd();
    all_sent_ = true;
    sys::shutdown(fd.fd(), fd.is_tcp() ? sys::half::write : sys::half::both);
    left_ = on_its_way(fd);
    until_ = loop_.engine().now() + patience;
    look();
}

void lingering::expire() noexcept { look(); }

void lingering::end_early() noexcept {
    if (all_sent_) {
        loop_closes();
    }
}

void lingering::loop_closes() noexcept {
    const auto keep = stream_;
    discard(*keep->fd());
    keep->loop_closes();
}

/// Not more than a part at a time: other tasks are to have their turn.
lingering::input lingering::discard(fd_state& from) noexcept {
    constexpr int most_calls = 16;
    char small[4096];
    char* const memory = scratch();
    const std::span<char> nowhere =
        memory != nullptr ? std::span(memory, scratch_size) : std::span(small);
    for (int calls = 0; calls < most_calls; ++calls) {
        if (!from.ready(io_side::read)) {
            return input::none_now;
        }
        const std::ptrdiff_t got = receive(from, nowhere);
        if (got == -EAGAIN) {
            from.exhausted(io_side::read);
            return input::none_now;
        }
        if (got <= 0) {
            return got == 0 ? input::ended : input::broken;
        }
    }
    return input::more;
}

/// Whether it need not look again when more comes; then it may be gone.
bool lingering::look() noexcept {
    const auto keep = stream_;
    const input rest = discard(*keep->fd());
    if (!all_sent_) {
        return !goes_on_while_sending(rest);
    }
    const bool over = rest == input::ended || rest == input::broken || is_over();
    if (!over && look_again_after(next_pause(rest))) {
        return false;
    }
    keep->finish_close();
    return true;
}

bool lingering::goes_on_while_sending(input rest) noexcept {
    if (rest == input::broken) {
        const auto keep = stream_;
        keep->lose(-ECONNRESET);  // nobody would take what is still to be sent
        return false;
    }
    if (rest == input::ended) {
        stream_->fd()->leave(io_side::read);
    } else if (rest == input::more) {
        static_cast<void>(look_again_after(shortest_pause));
    }
    return rest != input::ended;
}

bool lingering::is_over() noexcept {
    fd_state& fd = *stream_->fd();
    const std::ptrdiff_t left = on_its_way(fd);
    const time_point now = loop_.engine().now();
    if (left < left_) {
        left_ = left;
        until_ = now + patience;
    }
    // Of a Unix socket the kernel tells at once that reading has ended.
    return (left == 0 && fd.is_tcp()) || now >= until_;
}

nanoseconds lingering::next_pause(input rest) noexcept {
    return rest == input::more ? shortest_pause
                               : std::exchange(pause_, std::min(2 * pause_, longest_pause));
}

bool lingering::look_again_after(nanoseconds pause) noexcept {
    if (armed()) {
        loop_.timers().disarm(*this);
    }
    try {
        loop_.engine().arm(*this, loop_.engine().now() + pause);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace rondo::detail
