// SPDX-License-Identifier: MIT
#pragma once

#include "http/body_decoder.hpp"
#include "http/deadline.hpp"
#include "http/message_parser.hpp"
#include "http/outbox.hpp"
#include "http/request_state.hpp"
#include "http/response_writer.hpp"
#include "http/server_state.hpp"
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>
#include <rondo/io/stream.hpp>

#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// One connection of a server, served by one coroutine: it reads a head, lets the application
/// answer, sends that, and reads the next head.
///
/// Answers of a client that sends several requests at once are collected while their handlers do
/// not wait, and leave by one system call.
///
/// Invariants:
///  1. One task reads at a time: serve() between requests, the application by next() while it
///     handles one, and until_disconnected() once the body has come whole.
///  2. Where the rest of a body was not read, no further head is.
class connection final : private body_source, private served_connection, private unsent {
public:
    connection(server_state& server, stream client);
    ~connection() override;

    /// Serves requests until either side wants no more, or the connection is lost.
    static coro<void> run(server_state& server, stream client);

private:
    static constexpr std::size_t max_read_ahead = std::size_t{64} * 1024;
    static constexpr std::size_t max_skipped = std::size_t{64} * 1024;

    enum class phase : std::uint8_t { fresh, idle, head, handling, body, sending };

    class timer final : public deadline {
    public:
        explicit timer(connection& of) noexcept : deadline(of.server_.loop()), of_(of) {}

    private:
        void passed() noexcept override { of_.timed_out(); }
        connection& of_;
    };

    /// Sets what the deadline is for, and clears it at the end, however that comes.
    class waiting {
    public:
        waiting(connection& of, phase what, nanoseconds allowed);
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;
        ~waiting();

    private:
        connection& of_;
    };

    // ---- reading
    coro<void> serve();
    void wait_for_head();
    void begin_request();
    void note_forwarded();
    coro<std::optional<std::string_view>> next() override;
    coro<bool> fill_body();
    void ask_to_continue();
    [[noreturn]] void fail_body(int status, std::string_view reason);
    nanoseconds allowed_for_body() const noexcept;
    coro<bool> is_disconnected() override;
    coro<void> until_disconnected() override;

    // ---- the rest of a body that the application did not read
    void give_back();
    void skip_buffered();
    coro<void> skip_body();

    // ---- answering
    coro<void> answer();
    void refuse(message_parser::outcome out);
    void answer_error(int status_code, std::string_view reason);
    void decide_keep_alive();
    void append_head_of_answer(framing body, std::uint64_t size);
    void answer_whole();
    coro<void> answer_stream();
    coro<void> send_file(const file_part& part, std::uint64_t size);
    void fail_stream(std::size_t head_at);
    coro<void> send_while_there(body_stream& body, framing how);
    coro<void> send_pieces(body_stream& body, framing how);
    coro<bool> pull(body_stream& body, std::string& piece);
    void append_piece(std::string_view piece, framing how);
    coro<void> end_request(bool sent);
    void flush();
    void leave_soon() noexcept;
    coro<void> drain();
    void forget_request();

    void timed_out() noexcept;
    void wind_up() noexcept override;
    void send() noexcept override;
    request_state& asked() noexcept { return request_.state_of(); }
    time_point now() noexcept;

    server_state& server_;
    stream stream_;
    request request_;
    response response_;
    message_parser parser_;
    body_decoder body_;
    timer timer_;
    std::string out_;  // answers, and heads of them, that were not written yet
    phase phase_ = phase::fresh;
    bool proxied_;  // what the peer says of other clients counts
    bool keep_alive_ = true;
    bool timed_out_ = false;
    bool gone_ = false;           // the client has
    bool must_continue_ = false;  // the client waits for "100 Continue"
    bool body_failed_ = false;
    bool head_left_ = false;      // of a stream: its head was written
    std::size_t given_ = 0;       // of the buffer: the piece that next() gave last
    std::uint64_t received_ = 0;  // of the body, and what stands between its chunks
    nanoseconds waited_{};        // for the body
    std::uint64_t sent_ = 0;      // of the body of the answer
    std::uint64_t requests_ = 0;
    std::size_t unsent_before_ = 0;
    std::exception_ptr stream_error_;
    address peer_;
    time_point began_{};
};

}  // namespace rondo::http::detail
