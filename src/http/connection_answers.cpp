// SPDX-License-Identifier: MIT
#include "http/characters.hpp"
#include "http/connection.hpp"
#include "http/error_answer.hpp"
#include "http/status.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/core/race.hpp>
#include <rondo/core/with.hpp>
#include <rondo/http/error.hpp>
#include <rondo/json/json.hpp>
#include <rondo/os/file.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace rondo::http::detail {
namespace {

// Up to here an answer is copied behind its head; a longer one leaves from where it is.
constexpr std::size_t small_body = std::size_t{8} * 1024;
constexpr std::size_t much_unsent = std::size_t{16} * 1024;
// So much of a file must leave within the time that a client may take nothing.
constexpr std::uint64_t file_piece = std::uint64_t{256} * 1024;

}  // namespace

coro<void> connection::answer() {
    std::exception_ptr broken;
    try {
        if (asked().method == "CONNECT") [[unlikely]] {
            answer_error(405, phrase_of(405));
        } else {
            co_await server_.app().handle(request_, response_);
            if (response_.is_stream()) {
                co_await response_parts::stream(response_)->prepare(request_, response_);
                co_await answer_stream();
            } else {
                answer_whole();
            }
        }
    } catch (...) {
        broken = std::current_exception();
    }
    const bool has_end = response_.is_stream() || response_parts::after(response_);
    if (has_end) {
        co_await end_request(!broken);
    }
    if (broken) {
        std::rethrow_exception(broken);
    }
    if (stream_.write_buffer_size() > 0) {
        co_await drain();
    }
}

/// There is no request to be answered: it is refused, or did not come, or not all of it.
void connection::refuse(message_parser::outcome out) {
    if (out == message_parser::outcome::refused) {
        const refusal& why = parser_.refused();
        answer_error(why.status, why.reason);
    } else if (timed_out_ && !stream_.buffered().empty()) {
        answer_error(408, "the header comes too slowly");
    }
}

void connection::answer_error(int status_code, std::string_view reason) {
    write_error(http::error(status_code, reason), response_);
    keep_alive_ = false;
    answer_whole();
}

/// Whether the connection goes on is said in the head, and so before the rest of the body is read.
void connection::decide_keep_alive() {
    give_back();
    if (!body_.at_end() && !body_failed_) {
        skip_buffered();
    }
    const bool can_skip = !body_failed_ && !must_continue_ && body_.announced() <= max_skipped;
    keep_alive_ = keep_alive_ && (body_.at_end() || can_skip) && !asks_to_close(response_);
}

void connection::append_head_of_answer(framing body, std::uint64_t size) {
    head_options options;
    options.body = body;
    options.size = size;
    options.keep_alive = keep_alive_;
    options.keeps_length = size == 0 && (asked().method == "HEAD" || response_.status_code == 304);
    options.date = server_.date_line(now());
    options.server = server_.server_line();
    append_head(out_, response_, options);
}

void connection::answer_whole() {
    if (response_.status_code < 200 || response_.status_code > 999) {
        answer_error(500, phrase_of(500));
        return;
    }
    decide_keep_alive();
    const bool has_one = has_body(response_.status_code);
    append_head_of_answer(has_one ? framing::sized : framing::none, response_.body.size());
    if (!has_one || asked().method == "HEAD") {
        return;
    }
    sent_ = response_.body.size();
    if (sent_ <= small_body) {
        out_ += response_.body;
        return;
    }
    stream_.write({std::string_view(out_), std::string_view(response_.body)});
    empty_for_reuse(out_);
}

// ---- bodies that are made while they are sent

coro<void> connection::answer_stream() {
    body_stream& body = *response_parts::stream(response_);
    const auto size = body.size();
    framing how = size ? framing::sized : framing::chunked;
    decide_keep_alive();
    if (!has_body(response_.status_code)) {
        how = framing::none;
    } else if (!size && asked().minor_version == 0) {
        how = framing::until_close;
        keep_alive_ = false;
    }
    const std::size_t head_at = out_.size();
    head_left_ = false;
    append_head_of_answer(how, size.value_or(0));
    if (how == framing::none || asked().method == "HEAD") {
        co_return;
    }
    if (const auto part = body.as_file()) {
        co_await send_file(*part, *size);
    } else {
        co_await send_while_there(body, how);
    }
    if (stream_error_) {
        fail_stream(head_at);
    }
}

/// Until it has gone, or the client has.
coro<void> connection::send_while_there(body_stream& body, framing how) {
    leave_soon();
    auto sending = send_pieces(body, how);
    auto watching = until_disconnected();
    const auto first = co_await race(std::move(sending), std::move(watching));
    if (first.index() == 1) {
        throw client_disconnect();
    }
}

coro<void> connection::send_file(const file_part& part, std::uint64_t size) {
    flush();
    while (sent_ < size && !stream_error_) {
        const std::uint64_t left = std::min<std::uint64_t>(size - sent_, file_piece);
        unsent_before_ = stream_.write_buffer_size();
        const waiting wait(*this, phase::sending, server_.options().write_timeout);
        const std::int64_t got =
            co_await stream_.sendfile(*part.of, static_cast<std::int64_t>(part.offset + sent_),
                                      static_cast<std::int64_t>(left));
        sent_ += static_cast<std::uint64_t>(got);
        if (got == 0) {
            stream_error_ = std::make_exception_ptr(
                std::runtime_error("http: the file has become shorter: " + part.of->path()));
        }
    }
}

/// While nothing of it was sent it can still become another answer; else the connection is cut, so
/// that it does not look complete.
void connection::fail_stream(std::size_t head_at) {
    exception_context context;
    context.message = "unhandled exception in the body of an answer";
    context.exception = std::exchange(stream_error_, nullptr);
    context.where = asked().method + ' ' + std::string(asked().raw_path());
    server_.loop().call_exception_handler(context);
    keep_alive_ = false;
    if (head_left_) {
        stream_.abort();
        return;
    }
    out_.resize(head_at);
    auto body = std::move(response_parts::stream(response_));
    auto after = std::move(response_parts::after(response_));
    answer_error(500, phrase_of(500));
    response_parts::stream(response_) = std::move(body);
    response_parts::after(response_) = std::move(after);
}

coro<void> connection::send_pieces(body_stream& body, framing how) {
    const auto size = body.size();
    std::string piece;
    bool more = true;
    while (more) {
        piece.clear();
        more = co_await pull(body, piece);
        append_piece(piece, how);
        leave_soon();
        if (out_.size() >= much_unsent) {
            flush();
            co_await drain();
        }
    }
    if (size && *size != sent_ && !stream_error_) {
        stream_error_ = std::make_exception_ptr(
            std::length_error("http: a stream gave another number of bytes than its size()"));
    }
    if (how == framing::chunked && !stream_error_) {
        out_ += "0\r\n\r\n";
    }
}

/// Keeps what the stream throws, but for cancellations.
coro<bool> connection::pull(body_stream& body, std::string& piece) {
    bool more = false;
    try {
        more = co_await body.next(piece);
    } catch (const cancelled_error&) {
        throw;
    } catch (...) {
        stream_error_ = std::current_exception();
    }
    co_return more;
}

void connection::append_piece(std::string_view piece, framing how) {
    if (piece.empty()) {
        return;
    }
    sent_ += piece.size();
    if (how == framing::chunked) {
        append_chunk_line(out_, piece.size());
    }
    out_ += piece;
    if (how == framing::chunked) {
        out_ += "\r\n";
    }
}

// ---- sending

/// Releases what the answer was made of, whether it was sent or not.
coro<void> connection::end_request(bool sent) {
    flush();
    const rondo::detail::shielded from_cancellation;
    auto& body = response_parts::stream(response_);
    auto& after = response_parts::after(response_);
    if (body) {
        try {
            co_await body->aclose();
        } catch (...) {
            server_.loop().call_exception_handler(
                {"unhandled exception while the body of an answer was closed",
                 std::current_exception(),
                 {}});
        }
    }
    if (after) {
        co_await after->run(sent);
    }
}

void connection::flush() {
    if (out_.empty()) {
        return;
    }
    head_left_ = true;
    stream_.write(std::string_view(out_));
    empty_for_reuse(out_);
}

/// What is there leaves before the loop waits, unless it left before.
void connection::leave_soon() noexcept {
    if (!out_.empty() && !unsent::linked()) {
        server_.unsent_answers().add(*this);
    }
}

void connection::send() noexcept {
    try {
        flush();
    } catch (const std::exception&) {  // no memory
        stream_.abort();
    }
}

coro<void> connection::drain() {
    unsent_before_ = stream_.write_buffer_size();
    const waiting wait(*this, phase::sending, server_.options().write_timeout);
    co_await stream_.drain();
}

}  // namespace rondo::http::detail
