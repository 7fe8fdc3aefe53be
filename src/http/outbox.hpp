// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/detail/deferred.hpp>
#include <rondo/core/loop_service.hpp>

namespace rondo::http::detail {

/// Something that is kept to leave together with what follows it.
class unsent : public rondo::detail::list_node {
public:
    virtual void send() noexcept = 0;

protected:
    ~unsent() = default;
};

/// What has to leave before the loop waits for something: answers behind which a client has sent
/// further requests, and lines of the log.
class outbox final : public loop_service, private rondo::detail::deferred {
public:
    explicit outbox(event_loop& loop) noexcept : loop_(loop) {}

    void add(unsent& what) noexcept;
    void remove(unsent& what) noexcept { waiting_.remove(what); }

private:
    void run() noexcept override;

    event_loop& loop_;
    rondo::detail::intrusive_list<unsent> waiting_;
};

}  // namespace rondo::http::detail
