// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"
#include "sys/doorkeeper.hpp"
#include <rondo/net/getaddrinfo.hpp>
#include <rondo/threads/detail/thread_job.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rondo {

namespace {

struct found_names {
    int code = 0;
    name_info names;
};

found_names names_of(const address& of) {
    found_names result;
    result.code = sys::reverse_lookup(of.raw(), result.names.host, result.names.service);
    return result;
}

[[noreturn]] void throw_lookup_error(const char* call, const std::string& of, int code) {
    throw std::runtime_error(std::string(call) + ": " + of + ": " + sys::lookup_message(code));
}

}  // namespace

coro<std::vector<address>> getaddrinfo(std::string host, std::uint16_t port) {
    if (host.find('\0') != std::string::npos) {
        throw std::invalid_argument("getaddrinfo: the name '" + host + "' has a zero byte inside");
    }
    sys::socket_address numeric;
    if (sys::parse_ip(host.c_str(), port, numeric)) {
        co_return std::vector<address>{address(numeric)};
    }
    if (host == "localhost") {
        co_return std::vector<address>{address("127.0.0.1", port), address("::1", port)};
    }
    detail::name_lookup::answer answer;
    if (!sys::lookup_at_once(host.c_str(), answer.found, answer.code)) {
        auto& lookup = detail::name_lookup::of(detail::running_core("getaddrinfo"));
        answer = co_await lookup.ask(host);
    }
    if (answer.code != 0) {
        throw_lookup_error("getaddrinfo", host, answer.code);
    }
    std::vector<address> result;
    for (const sys::socket_address& raw : answer.found) {
        const address a = address(raw).with_port(port);
        if (std::find(result.begin(), result.end(), a) == result.end()) {
            result.push_back(a);
        }
    }
    co_return result;
}

coro<name_info> getnameinfo(address of) {
    auto& lookup = detail::name_lookup::of(detail::running_core("getnameinfo"));
    found_names found = co_await detail::in_thread(&lookup.threads(),
                                                   detail::when_cancelled::abandon, names_of, of);
    if (found.code != 0) {
        throw_lookup_error("getnameinfo", of.to_string(), found.code);
    }
    co_return std::move(found.names);
}

}  // namespace rondo
