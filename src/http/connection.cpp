// SPDX-License-Identifier: MIT
#include "http/connection.hpp"

#include "http/characters.hpp"
#include "io/stream_core.hpp"
#include <rondo/core/cancel_scope.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/core/future.hpp>
#include <rondo/http/error.hpp>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace rondo::http::detail {
namespace {

constexpr nanoseconds time_to_skip = std::chrono::seconds(1);
constexpr nanoseconds body_grace = std::chrono::seconds(5);

}  // namespace

connection::connection(server_state& server, stream client)
    : server_(server),
      stream_(std::move(client)),
      request_(make_box<request_state>()),
      parser_(server.limits()),
      timer_(*this),
      peer_(stream_.peername()) {
    proxied_ = server_.trusts(peer_);
    asked().client = peer_;
    server_.add(*this);
}

connection::~connection() {
    if (unsent::linked()) {
        server_.unsent_answers().remove(*this);
    }
    server_.remove(*this);
}

coro<void> connection::run(server_state& server, stream client) {
    connection c(server, std::move(client));
    try {
        co_await c.serve();
    } catch (const std::system_error&) {  // the client has gone
    }
}

time_point connection::now() noexcept { return core_of(server_.loop()).engine().now(); }

// ---- deadlines

connection::waiting::waiting(connection& of, phase what, nanoseconds allowed) : of_(of) {
    of_.phase_ = what;
    of_.timer_.set(of_.now() + allowed);
}

connection::waiting::~waiting() {
    of_.phase_ = phase::handling;
    of_.timer_.clear();
}

/// Whoever reads sees the end; who waits for a client that takes nothing, an error.
void connection::timed_out() noexcept {
    if (phase_ != phase::sending) {
        timed_out_ = true;
        stream_.core()->end_reading();
        return;
    }
    const std::size_t unsent_now = stream_.write_buffer_size();
    if (unsent_now >= std::exchange(unsent_before_, unsent_now)) {
        stream_.abort();
        return;
    }
    timer_.set(now() + server_.options().write_timeout);  // the timer that expired has room
}

void connection::wind_up() noexcept {
    keep_alive_ = false;
    const bool waits = phase_ == phase::idle || phase_ == phase::fresh;
    if (waits && stream_.buffered().empty()) {
        stream_.core()->end_reading();
    }
}

// ---- requests

coro<void> connection::serve() {
    using outcome = message_parser::outcome;
    timer_.set(now() + server_.options().header_timeout);
    do {
        outcome head = parser_.parse(stream_.buffered(), asked());
        while (head == outcome::need_more) {
            wait_for_head();
            const bool more = co_await stream_.fill(stream_.buffered().size() + 1);
            if (!more) {
                break;
            }
            head = parser_.parse(stream_.buffered(), asked());
        }
        timer_.clear();
        if (head != outcome::complete) {
            refuse(head);
            break;
        }
        begin_request();
        co_await answer();
        if (!body_.at_end()) {
            co_await skip_body();
        }
        forget_request();
    } while (keep_alive_);
    flush();
    stream_.close();
    co_await stream_.wait_closed();
}

/// A fresh connection has a deadline since it was accepted.
void connection::wait_for_head() {
    flush();
    if (phase_ == phase::fresh) {
        return;
    }
    const phase before =
        std::exchange(phase_, stream_.buffered().empty() ? phase::idle : phase::head);
    if (phase_ != before) {
        const serve_options& options = server_.options();
        timer_.set(now() +
                   (phase_ == phase::idle ? options.keep_alive_timeout : options.header_timeout));
    }
}

void connection::begin_request() {
    const message_head& head = parser_.head();
    phase_ = phase::handling;
    stream_.consume(head.size);
    body_.begin(head);
    must_continue_ = head.expects_continue && !body_.at_end();
    keep_alive_ = head.keep_alive && ++requests_ < server_.options().max_requests_per_connection &&
                  !server_.winding_up();
    asked().source = this;
    asked().source_ended = body_.at_end();
    asked().max_body_size = server_.options().max_body_size;
    asked().max_pairs = server_.options().max_query_pairs;
    if (proxied_) {
        note_forwarded();
    }
    if (server_.options().access_log) {
        began_ = now();
    }
    leave_soon();
}

/// The last client that a proxy we trust names, unless that is such a proxy as well.
void connection::note_forwarded() {
    asked().client = peer_;
    asked().scheme = asked().headers.get("x-forwarded-proto") == "https" ? "https" : "http";
    const auto clients = asked().headers.get("x-forwarded-for");
    std::string_view rest = clients.value_or("");
    while (!rest.empty()) {
        const std::size_t at = rest.rfind(',');
        const std::string_view host = trim(at == rest.npos ? rest : rest.substr(at + 1));
        rest = at == rest.npos ? std::string_view() : rest.substr(0, at);
        try {
            asked().client = address(host, 0);
        } catch (const std::invalid_argument&) {  // "unknown", or a name
            return;
        }
        if (!server_.trusts(asked().client)) {
            return;
        }
    }
}

void connection::forget_request() {
    if (server_.options().access_log) {
        server_.log().add(asked(), response_.status_code, sent_, now() - began_);
    }
    asked().clear();
    response_parts::clear(response_);
    parser_.reset();
    body_failed_ = false;
    received_ = sent_ = 0;
    waited_ = nanoseconds::zero();
}

// ---- bodies

/// The piece that was given last is done with.
void connection::give_back() { stream_.consume(std::exchange(given_, 0)); }

coro<std::optional<std::string_view>> connection::next() {
    std::optional<std::string_view> piece;
    give_back();
    while (true) {
        const auto out = body_.decode(stream_.buffered(), asked().max_body_size);
        received_ += body_.used();
        if (out == body_decoder::outcome::refused) {
            fail_body(body_.refused().status, body_.refused().reason);
        }
        if (out == body_decoder::outcome::data) {
            given_ = body_.used();
            piece = body_.data();
            break;
        }
        stream_.consume(body_.used());
        if (out == body_decoder::outcome::end) {
            break;
        }
        const bool more = co_await fill_body();
        if (!more) {
            fail_body(408, "the body comes too slowly");
        }
    }
    co_return piece;
}

coro<bool> connection::fill_body() {
    ask_to_continue();
    flush();
    const std::size_t before = stream_.buffered().size();
    const time_point since = now();
    bool more = false;
    {
        const waiting wait(*this, phase::body, allowed_for_body());
        more = co_await stream_.fill(before + 1);
    }
    waited_ += now() - since;
    co_return more;
}

void connection::ask_to_continue() {
    if (std::exchange(must_continue_, false)) {
        out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
}

/// Between two pieces; and of all that came, a client may be so much behind the least rate.
nanoseconds connection::allowed_for_body() const noexcept {
    const serve_options& options = server_.options();
    nanoseconds by_rate = nanoseconds::max();
    if (options.min_body_rate > 0) {
        constexpr std::uint64_t second = 1'000'000'000;
        constexpr std::uint64_t most = std::uint64_t{1} << 33;  // times a second fits
        const auto time = std::min(received_, most) * second / options.min_body_rate;
        by_rate = body_grace + nanoseconds(static_cast<nanoseconds::rep>(time)) - waited_;
    }
    return std::min(options.body_timeout, by_rate);
}

void connection::fail_body(int status, std::string_view reason) {
    body_failed_ = true;
    if (status == 408 && !timed_out_) {
        gone_ = true;
        throw client_disconnect();
    }
    throw error(status, reason);
}

coro<bool> connection::is_disconnected() {
    const std::size_t before = stream_.buffered().size();
    if (gone_ || stream_.is_closing() || stream_.at_eof()) {
        co_return true;
    }
    if (!body_.at_end() || given_ > 0 || before >= max_read_ahead) {
        co_return false;
    }
    auto look = [&]() -> coro<void> {
        try {
            const bool more = co_await stream_.fill(before + 1);
            gone_ = !more;
        } catch (const std::system_error&) {
            gone_ = true;
        }
    };
    co_await move_on_after(nanoseconds::zero(), look);
    co_return gone_;
}

/// What the client sends meanwhile is kept, up to a limit.
coro<void> connection::until_disconnected() {
    try {
        bool more = true;
        while (body_.at_end() && given_ == 0 && more &&
               stream_.buffered().size() < max_read_ahead) {
            more = co_await stream_.fill(stream_.buffered().size() + 1);
        }
        gone_ = gone_ || !more;
    } catch (const std::system_error&) {
        gone_ = true;
    }
    if (!gone_) {
        const future<void> never = server_.loop().create_future<void>();
        co_await never;
    }
}

void connection::skip_buffered() {
    constexpr std::uint64_t any_size = std::numeric_limits<std::uint64_t>::max();
    auto out = body_decoder::outcome::data;
    while (out == body_decoder::outcome::data) {
        out = body_.decode(stream_.buffered(), any_size);
        stream_.consume(body_.used());
    }
    body_failed_ = body_failed_ || out == body_decoder::outcome::refused;
}

/// So that the next request can be read. What is not worth that is discarded while the connection
/// is closed, and the client reads the answer.
coro<void> connection::skip_body() {
    std::size_t skipped = 0;
    while (keep_alive_ && !body_.at_end()) {
        flush();
        const waiting wait(*this, phase::body, time_to_skip);
        const bool more = co_await stream_.fill();
        skipped += stream_.buffered().size();
        skip_buffered();
        keep_alive_ = keep_alive_ && more && skipped <= max_skipped && !body_failed_;
    }
}

}  // namespace rondo::http::detail
