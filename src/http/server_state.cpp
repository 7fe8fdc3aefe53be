// SPDX-License-Identifier: MIT
#include "http/server_state.hpp"

#include "http/characters.hpp"
#include "http/date.hpp"

#include <algorithm>
#include <chrono>

namespace rondo::http::detail {

server_state::server_state(application& app, const serve_options& options, event_loop& loop)
    : app_(app), options_(options), loop_(loop), outbox_(use_service<outbox>(loop)), log_(outbox_) {
    std::string_view rest = options.forwarded_allow_ips;
    while (!rest.empty()) {
        trusted_.emplace_back(trim(take_until(rest, ',')));
    }
    if (!options.server_header.empty()) {
        headers checked;
        checked.add("server", options.server_header);
        server_line_ = "server: " + checked["server"] + "\r\n";
    }
}

head_limits server_state::limits() const noexcept {
    head_limits limits;
    limits.request_line = options_.max_request_line;
    limits.header_size = options_.max_header_size;
    limits.header_count = options_.max_header_count;
    return limits;
}

std::string_view server_state::date_line(time_point now) {
    if (!options_.date_header) {
        return {};
    }
    if (now >= date_until_ || date_line_.empty()) {
        const auto time = std::chrono::system_clock::now();
        const auto second = std::chrono::floor<std::chrono::seconds>(time);
        date_line_ = "date: ";
        append_date(second, date_line_);
        date_line_ += "\r\n";
        date_until_ = now + (second + std::chrono::seconds(1) - time);
    }
    return date_line_;
}

bool server_state::trusts(const address& peer) const {
    const std::string host = peer.host();
    return std::any_of(trusted_.begin(), trusted_.end(),
                       [&](const std::string& known) { return known == host || known == "*"; });
}

void server_state::wind_up() noexcept {
    winding_up_ = true;
    for (auto* c = connections_.front(); c != nullptr; c = connections_.after(*c)) {
        c->wind_up();
    }
}

}  // namespace rondo::http::detail
