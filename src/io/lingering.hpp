// SPDX-License-Identifier: MIT
#pragma once

#include "io/fd_state.hpp"
#include "io/loop_io.hpp"
#include <rondo/base/detail/box.hpp>
#include <rondo/core/detail/timer_heap.hpp>

#include <cstddef>

namespace rondo::detail {

class stream_core;

/// A socket that is closed, until what was written before is out of danger. The kernel resets a
/// connection that is closed while something is unread, or that something comes for afterwards; and
/// what has not arrived by then is lost. So writing ends first, what comes is discarded, and the
/// socket is closed once the other side has all of it, or has ended as well, or takes nothing more
/// for as long as `patience`.
///
/// While the stream still sends, what comes is discarded, too: the other side might not read before
/// it has got rid of what it writes.
///
/// Invariants:
///  1. It keeps the stream, which owns it: until it ends that by finish_close().
///  2. It stands in the loop's list, waits to read, and has a timer where it must look by itself:
///     when there was more to discard than one pass may, and once all is sent.
class lingering final : public io_waiter, public timer_node, public loop_io::activity {
public:
    static constexpr nanoseconds patience = std::chrono::seconds(5);

    /// For a socket of which all is sent: ends writing. Whether something is in danger after that.
    static bool is_needed(fd_state& of) noexcept;
    /// Null where there is no loop to do it in, or no memory.
    static box<lingering> begin(stream_core& of) noexcept;

    explicit lingering(stream_core& of);
    ~lingering();

    /// From now on it ends by itself; perhaps at once.
    void all_is_sent() noexcept;

    bool try_again() noexcept override { return look(); }
    void turned_away() noexcept override {}
    void expire() noexcept override;
    void end_early() noexcept override;
    void loop_closes() noexcept override;

private:
    enum class input : unsigned char { none_now, more, ended, broken };

    static input discard(fd_state& from) noexcept;
    bool look() noexcept;
    bool goes_on_while_sending(input rest) noexcept;
    bool is_over() noexcept;
    nanoseconds next_pause(input rest) noexcept;
    bool look_again_after(nanoseconds pause) noexcept;

    core_ref<stream_core> stream_;
    loop_core& loop_;
    bool all_sent_ = false;
    std::ptrdiff_t left_ = 0;  // what the other side did not have yet at the last look
    time_point until_{};       // when patience ends, unless that gets less
    nanoseconds pause_;
};

}  // namespace rondo::detail
