// SPDX-License-Identifier: MIT
#include "testing/network_core.hpp"
#include <rondo/net/socket.hpp>
#include <rondo/testing/network.hpp>
#include <rondo/testing/sim_driver.hpp>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace rondo::testing {

namespace {

context_var<std::size_t> here("the simulated host", 0);

}  // namespace

std::size_t simulation::current_host() { return here.get(0); }

network::network(std::uint64_t seed, const time_point& clock, const network_link& between)
    : core_(make_box<core>(seed, clock, between)) {}
network::~network() = default;

// ---- links

void network::set_link(const network_link& link) {
    simulation::check_link(link);
    core_->hosts().set_link(link);
}

void network::set_link(std::string_view host, std::string_view other,
                       std::optional<network_link> link) {
    if (link) {
        simulation::check_link(*link);
    }
    core_->hosts().set_link(core_->hosts().host(host), core_->hosts().host(other), link);
}

void network::partition(std::string_view host, std::string_view other) {
    core_->note("partition " + std::string(host) + " | " + std::string(other));
    core_->hosts().cut(core_->hosts().host(host), core_->hosts().host(other));
}

void network::isolate(std::string_view host) {
    core_->note("isolate " + std::string(host));
    const std::size_t alone = core_->hosts().host(host);
    for (std::size_t other = 0; other < core_->hosts().size(); ++other) {
        if (other != alone) {
            core_->hosts().cut(alone, other);
        }
    }
}

void network::heal(std::string_view host, std::string_view other) {
    core_->note("heal " + std::string(host) + " | " + std::string(other));
    core_->hosts().join(core_->hosts().host(host), core_->hosts().host(other));
    core_->release_stuck();
}

void network::heal() {
    core_->note("heal");
    core_->hosts().join_all();
    core_->release_stuck();
}

void network::reset_connections(std::string_view host) {
    const std::size_t at = core_->hosts().host(host);
    const auto& all = core_->all();
    for (auto* s = all.front(); s != nullptr; s = all.after(*s)) {
        if (s->host == at && s->state == simulation::sim_socket::phase::connected) {
            core_->reset(*s);
        }
    }
}

std::pair<stream, stream> network::stream_pair(std::size_t limit) {
    const std::size_t at = core_->hosts().host("memory");
    core_->hosts().set_link(at, at, network_link{.latency = nanoseconds::zero()});
    const auto one = core_->make(at, false);
    const auto other = core_->make(at, false);
    one->peer = other;
    other->peer = one;
    const auto connected = [this, limit](const core::socket_ref& s) {
        s->state = simulation::sim_socket::phase::connected;
        core_->begin_windows(*s);
        const int fd = core_->number(s);
        if (fd < 0) {
            throw std::system_error(-fd, std::generic_category(), "stream_pair");
        }
        return stream(socket(fd), limit);
    };
    auto first = connected(one);
    return {std::move(first), connected(other)};
}

// ---- observers

address network::address_of(std::string_view host) {
    return core_->hosts().address_of(core_->hosts().host(host), false);
}
std::size_t network::open_sockets() const noexcept { return core_->open_sockets(); }
const std::string& network::log() const noexcept { return core_->log(); }

// ---- for the driver

std::size_t network::host_number(std::string_view host) { return core_->hosts().host(host); }
void network::watch(fd_watch& watch, io_events interest) { core_->watch(watch, interest); }
bool network::has(int fd) const noexcept { return core_->has(fd); }
bool network::watches_any() const noexcept { return core_->watches_any(); }
int network::deliver() { return core_->deliver(); }
time_point network::next_event() const noexcept { return core_->next_event(); }
void network::retire() noexcept { core_->retire(); }

// ---- hosts

namespace {

network& network_or_throw(const char* operation) {
    if (network* const found = running_sim_driver().net()) {
        return *found;
    }
    throw std::runtime_error(std::string(operation) +
                             ": the simulation has no network; testing::run takes one as .network");
}

}  // namespace

network& running_network() { return network_or_throw("running_network"); }

simulation::host_visit::host_visit(std::string_view host)
    : before_(here.set(network_or_throw("at_host").host_number(host))) {}
simulation::host_visit::~host_visit() { here.reset(before_); }

std::pair<stream, stream> memory_stream_pair(std::size_t limit) {
    return running_sim_driver().any_net().stream_pair(limit);
}

}  // namespace rondo::testing
