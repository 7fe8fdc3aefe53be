// SPDX-License-Identifier: MIT
#pragma once

#include "http/access_log.hpp"
#include "http/application.hpp"
#include "http/message_parser.hpp"
#include "http/outbox.hpp"
#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/event_loop.hpp>
#include <rondo/http/serve.hpp>
#include <rondo/io/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rondo::http::detail {

/// A connection as its server sees it.
class served_connection : public rondo::detail::list_node {
public:
    /// Closes it if it is idle; else the request that runs is its last one.
    virtual void wind_up() noexcept = 0;

protected:
    ~served_connection() = default;
};

/// What the connections of one server share. Outlives them.
class server_state {
public:
    server_state(application& app, const serve_options& options, event_loop& loop);
    server_state(const server_state&) = delete;
    server_state& operator=(const server_state&) = delete;

    application& app() noexcept { return app_; }
    const serve_options& options() const noexcept { return options_; }
    event_loop& loop() noexcept { return loop_; }
    head_limits limits() const noexcept;

    /// The Date header's line, made once a second; empty when there is to be none.
    std::string_view date_line(time_point now);
    std::string_view server_line() const noexcept { return server_line_; }
    /// Whether the proxy headers of that peer count.
    bool trusts(const address& peer) const;
    access_log& log() noexcept { return log_; }
    outbox& unsent_answers() noexcept { return outbox_; }

    void add(served_connection& c) noexcept { connections_.push_back(c); }
    void remove(served_connection& c) noexcept { connections_.remove(c); }
    bool winding_up() const noexcept { return winding_up_; }
    void wind_up() noexcept;

private:
    application& app_;
    serve_options options_;  // its texts are those below
    event_loop& loop_;
    std::vector<std::string> trusted_;
    std::string server_line_;
    std::string date_line_;
    time_point date_until_{};
    outbox& outbox_;
    access_log log_;
    rondo::detail::intrusive_list<served_connection> connections_;
    bool winding_up_ = false;
};

}  // namespace rondo::http::detail
