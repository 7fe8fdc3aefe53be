// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/intrusive_list.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/core/event_loop.hpp>

#include <concepts>
#include <type_traits>

namespace rondo {

/// Something that belongs to a loop and ends with it: a pool of connections, a cache, a resolver.
/// A loop has at most one of each type; use_service() makes it at the first use.
///
///     class pool : public rondo::loop_service {
///     public:
///         explicit pool(rondo::event_loop& loop);
///         rondo::coro<void> shutdown() override;  // says goodbye to the servers
///     };
///     auto& connections = rondo::use_service<pool>();
///
/// Threads: the loop's.
class loop_service : public detail::list_node {
public:
    loop_service() = default;
    loop_service(const loop_service&) = delete;
    loop_service& operator=(const loop_service&) = delete;
    virtual ~loop_service();

    /// Awaited once by run(), after all tasks have ended: what has to be said, sent or waited for.
    /// Services are shut down in reverse order of their making; each still finds those that were
    /// made before it. What it throws goes to the loop's exception handler. Not called by a loop
    /// that is closed without run() or a runner.
    virtual coro<void> shutdown();
    /// The loop closes, in reverse order of making as well: gives back what others may hold on to.
    /// The service is destroyed right afterwards.
    virtual void close() noexcept {}

private:
    friend class detail::loop_core;

    const void* key_ = nullptr;
    bool was_shut_down_ = false;
};

namespace detail {

/// Another address for each type of service.
template <class S>
inline char service_key = 0;

template <std::derived_from<loop_service> S>
S* find_service(loop_core& loop) noexcept {
    return static_cast<S*>(loop.service(&service_key<S>));
}

template <std::derived_from<loop_service> S>
S& use_service(loop_core& loop) {
    if (S* found = detail::find_service<S>(loop)) {
        return *found;
    }
    S* made = nullptr;
    if constexpr (std::is_constructible_v<S, event_loop&>) {
        made = new S(loop.face());
    } else {
        made = new S();
    }
    loop.attach(*made, &service_key<S>);
    return *made;
}

}  // namespace detail

/// The service of that type in the running loop, or in `loop`; made now if there is none, from the
/// loop where S has such a constructor. Throws runtime_error when the loop is closed or runs in
/// another thread.
template <std::derived_from<loop_service> S>
S& use_service(event_loop& loop) {
    core_of(loop).check_usable("use_service");
    return detail::use_service<S>(core_of(loop));
}
template <std::derived_from<loop_service> S>
S& use_service() {
    return rondo::use_service<S>(get_running_loop());
}

/// The service of that type in `loop`; null when nobody has used it yet.
template <std::derived_from<loop_service> S>
S* find_service(event_loop& loop) noexcept {
    return detail::find_service<S>(core_of(loop));
}

}  // namespace rondo
