// SPDX-License-Identifier: MIT
#include "torture/world.hpp"

#include <cerrno>
#include <exception>
#include <iterator>
#include <system_error>
#include <utility>

namespace torture {

using namespace rondo;
using namespace std::chrono_literals;
namespace sim = rondo::testing;
using sim::call;

std::string world::text(int size) {
    std::string result(static_cast<std::size_t>(size), ' ');
    for (char& c : result) {
        c = static_cast<char>('a' + below(26));
    }
    return result;
}

sim::network_link world::link() {
    sim::network_link link;
    if (calm_) {
        link.latency = up_to(10ms);
        link.jitter = up_to(10ms);
        link.segment = static_cast<std::size_t>(100 + below(3000));
        link.window = static_cast<std::size_t>(5'000 + below(100'000));
        link.losses = chance(0.5) ? 0.01 : 0;
        link.shorts = chance(0.7) ? 0.3 : 0;
        return link;
    }
    link.latency = up_to(50ms);
    link.jitter = chance(0.7) ? up_to(100ms) : 0ms;
    link.bytes_per_second = chance(0.2) ? 1000 + below(1'000'000) : 0;
    link.segment = static_cast<std::size_t>(1 + below(3000));
    link.window = static_cast<std::size_t>(1 + below(100'000));
    link.losses = chance(0.5) ? 0.05 : 0;
    link.resets = chance(0.3) ? 0.02 : 0;
    link.refusals = chance(0.3) ? 0.1 : 0;
    link.shorts = chance(0.7) ? 0.3 : 0;
    return link;
}

void world::plan_faults(sim::fault_plan& plan) {
    struct weakness {
        call what;
        int error;
    };
    static constexpr weakness weaknesses[] = {
        {call::socket, EMFILE},
        {call::socket, ENOBUFS},
        {call::accept, EMFILE},
        {call::accept, ECONNABORTED},
        {call::accept, EINTR},
        {call::connect, ENETUNREACH},
        {call::connect, EADDRNOTAVAIL},
        {call::recv, ECONNRESET},
        {call::recv, ETIMEDOUT},
        {call::recv, EINTR},
        {call::send, EPIPE},
        {call::send, ENOBUFS},
        {call::send, EINTR},
        {call::shutdown, ENOTCONN},
        {call::setsockopt, EINVAL},
        {call::getsockname, ENOBUFS},
        {call::bind, EADDRINUSE},
        {call::listen, EADDRINUSE},
    };
    for (int i = calm_ ? 0 : below(6); i > 0; --i) {
        const weakness& w = weaknesses[below(static_cast<int>(std::size(weaknesses)))];
        plan.fail(w.what, 1 + below(40), w.error, 1 + below(3));
    }
}

coro<void> world::do_mischief(const std::vector<any_task>& victims) {
    static const std::string hosts[] = {"server", "proxy", "a", "b"};
    sim::network* const net = sim::running_sim_driver().net();
    for (int i = calm_ ? 0 : below(12); i > 0; --i) {
        co_await sleep(up_to(3s));
        const int mischief = below(net != nullptr ? 8 : 2);
        if (mischief < 2) {
            victims[static_cast<std::size_t>(below(static_cast<int>(victims.size())))].cancel();
        } else if (mischief < 5) {
            net->partition(hosts[below(4)], hosts[below(4)]);
        } else if (mischief < 7) {
            net->heal();
        } else {
            net->reset_connections(hosts[below(4)]);
        }
    }
    if (net != nullptr) {
        net->heal();
    }
}

coro<void> world::survive(std::vector<any_task> tasks) {
    auto mischief = create_task(do_mischief(tasks));
    co_await rondo::wait(tasks);
    co_await mischief;
    for (const any_task& task : tasks) {
        if (task.cancelled()) {
            require(task.cancelling() > 0, "nobody is cancelled unless somebody asks for it");
        } else if (const auto error = task.exception()) {
            std::rethrow_exception(error);
        }
    }
}

coro<void> despite_the_network(world& w, coro<void> body) {
    if (w.calm()) {
        co_await std::move(body);
        co_return;
    }
    try {
        co_await std::move(body);
    } catch (const std::system_error&) {
    } catch (const timeout_error&) {
    } catch (const incomplete_read_error&) {
    }
}

}  // namespace torture
