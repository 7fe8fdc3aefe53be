// SPDX-License-Identifier: MIT
#pragma once

#include "io/byte_buffer.hpp"
#include "io/fd_state.hpp"
#include "io/loop_io.hpp"
#include "io/operations.hpp"
#include "io/read_size.hpp"
#include <rondo/base/detail/box.hpp>
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/waiter.hpp>
#include <rondo/io/transport.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::detail {

class lingering;

/// The state of a stream: what was read and not taken yet, what was written and not sent yet.
///
/// Invariants:
///  1. sending() exactly while something is unsent; it then waits for the descriptor, stands in the
///     loop's list, so that it ends with the loop, and counts as one of its own owners.
///  2. congested() from more than `high_mark` unsent bytes on until no more than `low_mark`.
///  3. Over a transport it says the end, when it is closed or write_end() was called, before it is
///     done with sending.
///  4. While lent() somebody else sends through the descriptor, and nothing is unsent.
///  5. A socket that is closed discards what comes, until what was written is out of danger
///     (lingering); only then is it closed in the kernel.
///  6. What stands in a batch goes before all else: whatever is done to the writing side but to
///     write a small piece sends it first. It does not count as unsent.
/// Counted: by the stream, by calls that are under way, by itself while it sends or lingers, and by
/// a batch.
class stream_core final : public io_waiter, public loop_io::activity, public pooled {
public:
    static constexpr std::size_t high_mark = 64 * 1024;
    static constexpr std::size_t low_mark = 16 * 1024;

    stream_core(fd_ref fd, std::size_t limit) noexcept;

    // ---- reading
    /// Whether a read may bring something: false at the end. Throws system_error when closed.
    bool may_read() const;
    /// Takes note of the result of one; whether more may come. Throws system_error.
    bool took(std::ptrdiff_t result);
    /// What was read and not taken yet.
    std::string_view kept() const noexcept { return in_.kept(); }
    /// Where bytes are appended to it.
    std::string& tail() noexcept { return in_.tail(); }
    std::string take(std::size_t n) { return in_.take(n); }
    void skip(std::size_t n) noexcept { in_.skip(n); }
    /// Receives once, appended to what is kept. No memory is held while nothing comes.
    std::ptrdiff_t receive_once() noexcept;
    /// Appends to what is kept.
    std::ptrdiff_t keep(std::string_view bytes) noexcept;
    /// How much the next read may bring.
    read_size& expected() noexcept { return expected_; }
    bool at_end() const noexcept { return end_; }
    /// Whether the other side has said that nothing more comes. Reads may see an end without that.
    bool peer_ended() const noexcept { return peer_ended_; }
    std::size_t limit() const noexcept { return limit_; }

    // ---- writing
    void write(std::string_view data);
    /// The same, and what does not leave at once is kept where it is.
    void write(std::string&& data);
    /// The same of several pieces, by one system call where they leave at once.
    void write(std::span<const std::string_view> pieces);
    void write_end();
    /// Nothing may be written until it is given back. Throws runtime_error when it is lent already,
    /// or after write_end(); system_error when closed or lost.
    void lend(const char* operation);
    void give_back() noexcept { lent_ = false; }
    /// write() by the one it is lent to. Throws system_error when it takes none.
    void write_lent(std::string_view data);
    /// Whether what is written is sent, and not dropped.
    bool takes_writes() const noexcept { return !closing_ && writing_ && lost_ == 0 && !closed(); }
    // For the batch that it stands in.
    bool is_batched() const noexcept { return batch_ != nullptr; }
    /// It stands there no more; whether the batch may send what it has of it.
    bool end_batched() noexcept;
    /// It was tried, and this is what came of it.
    void sent_from_batch(std::string_view data, std::ptrdiff_t sent) noexcept;
    /// It was not.
    void send_from_batch(std::string_view data) noexcept;
    std::size_t unsent() const noexcept { return out_.size(); }
    bool congested() const noexcept { return congested_; }
    /// Throws where it must stay as it is.
    void check_may_detach() const;
    // For the transport that it is to another stream. Throws when the connection is lost.
    std::optional<std::size_t> try_send(std::span<const std::string_view> pieces);
    /// Told once when try_send() may go on. Throws where the running loop cannot wait.
    void wait_to_send(transport_waiter& who);
    void stop_waiting_to_send() noexcept;
    transport_info info() const;
    /// Throws system_error when the connection is lost.
    void check_not_lost(const char* operation) const;

    // ---- the end
    void close() noexcept;
    void abort() noexcept;
    /// From now on reading and writing are closed one by one, and the connection with the last.
    void split() noexcept { split_ = true; }
    /// One of them, or, unless they were split, both.
    void close_half(io_side side) noexcept;
    bool half_closed(io_side side) const noexcept {
        return closed() || !(side == io_side::read ? reading_ : writing_);
    }
    /// Whether something is unsent, or may still be written.
    bool may_send() const noexcept { return !closed() && (!split_ || writing_ || unsent() > 0); }
    /// From here on reads see the end, as if the other side had hung up.
    void end_reading() noexcept;
    /// For what lingers: it is closed at last.
    void finish_close() noexcept;
    /// The connection broke, other than by a call of this class.
    void lose(std::ptrdiff_t negative_errno) noexcept;
    bool closing() const noexcept { return closing_; }
    bool closed() const noexcept { return fd_->is_closed(); }

    const fd_ref& fd() const noexcept { return fd_; }
    intrusive_list<waiter>& drains() noexcept { return drains_; }
    intrusive_list<waiter>& flushes() noexcept { return flushes_; }
    intrusive_list<waiter>& closers() noexcept { return closers_; }

    bool try_again() noexcept override;
    void turned_away() noexcept override { stop_sending(); }
    void loop_closes() noexcept override;

    void retain() noexcept { ++references_; }
    void release() noexcept {
        if (--references_ == 0) {
            delete this;
        }
    }

private:
    ~stream_core();

    [[noreturn]] void throw_lost(std::ptrdiff_t negative_errno, const char* operation) const;
    bool must_not_write() const;
    void check_write() const;
    void tell_failure() const;
    void tell_failure_of_write() const;
    void put(std::string_view data);
    void put_pieces(std::span<const std::string_view> pieces, std::size_t size);
    bool may_be_batched(std::size_t size) const noexcept;
    void batch(std::span<const std::string_view> pieces, std::size_t size) noexcept;
    void send_batched() noexcept;
    void send_now(std::string_view data);
    void send_pieces_now(std::span<const std::string_view> pieces, std::size_t size);
    void keep_rest(std::string_view data, std::ptrdiff_t sent);
    void keep_rest(std::string&& data, std::ptrdiff_t sent);
    void keep_rest(std::span<const std::string_view> pieces, std::ptrdiff_t sent);
    template <class Keep>
    void keep_by(std::ptrdiff_t sent, Keep keep);
    std::ptrdiff_t send_some(std::string_view data) noexcept;
    std::ptrdiff_t note_sent(std::size_t size, std::ptrdiff_t sent) noexcept;
    void start_sending();
    void stop_sending() noexcept;
    void all_sent() noexcept;
    void end_writing() noexcept;
    void end_sending() noexcept;
    bool end_is_said() noexcept;
    void say_end_later() noexcept;
    void linger() noexcept;
    void relieve() noexcept;

    // What each read and each write touch comes first: of many connections it is not in the cache.
    fd_ref fd_;
    unsigned references_ = 1;
    int lost_ = 0;                 // the errno that ended the connection
    send_batch* batch_ = nullptr;  // the one that has something of this stream
    bool end_ = false;             // reads see the end
    bool peer_ended_ = false;      // and it is the other side's
    bool end_wanted_ = false;      // write_end() was called
    bool end_said_ = false;        // over a transport
    bool congested_ = false;
    bool sending_ = false;
    bool closing_ = false;
    bool lent_ = false;
    const bool finds_strangers_;  // writes from other loops, which debug mode looks for
    bool split_ = false;
    bool reading_ = true;  // false once that half is closed
    bool writing_ = true;
    read_size expected_;
    byte_buffer in_;

    byte_buffer out_;
    transport_waiter* next_sender_ = nullptr;  // waits until nothing is unsent
    box<lingering> lingering_;                 // from close() on, where that takes time
    std::size_t limit_;
    intrusive_list<waiter> drains_;   // until not congested
    intrusive_list<waiter> flushes_;  // until nothing is unsent
    intrusive_list<waiter> closers_;  // until closed, or the writing half is and all is sent
};

using stream_ref = core_ref<stream_core>;

/// What was read and not taken yet; nothing of a stream that was moved from.
std::string_view buffered_of(const stream_ref& stream) noexcept;
/// Takes so much of it. Throws out_of_range when there is less.
void consume(const stream_ref& stream, std::size_t n);

/// Throws what a closed stream does, when there is none.
const stream_ref& check_not_moved(const stream_ref& stream, const char* operation);

/// The state of a stream over one end of a pipe, whose descriptor it takes over and makes
/// non-blocking; closed when this throws. `what` names it in the error.
stream_ref pipe_stream(int fd, std::size_t limit, const char* what);

}  // namespace rondo::detail
