// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"

#include <rondo/core/shield.hpp>
#include <rondo/threads/detail/thread_job.hpp>

#include <algorithm>
#include <utility>

namespace rondo::detail {

namespace {

constinit name_lookup::library_call library = sys::lookup;

name_lookup::answer call_library(name_lookup::library_call lookup, const std::string& host) {
    name_lookup::answer result;
    result.code = lookup(host.c_str(), result.found);
    return result;
}

}  // namespace

void name_lookup::replace_library(library_call by) noexcept {
    library = by != nullptr ? by : sys::lookup;
}

/// A lookup may hang for as long as the C library likes, and must not hold up whoever closes.
void name_lookup::close() noexcept { threads_.shutdown_nowait(); }

coro<name_lookup::answer> name_lookup::ask(std::string host) {
    const task<answer> lookup = flight_to(host);
    co_return co_await shield(lookup);
}

task<name_lookup::answer> name_lookup::flight_to(const std::string& host) {
    for (const flight& f : flights_) {
        if (f.host == host) {
            return f.lookup;
        }
    }
    auto lookup = create_task(look_up(host), {.name = "getaddrinfo"});
    flights_.push_back({host, lookup});
    return lookup;
}

coro<name_lookup::answer> name_lookup::look_up(std::string host) {
    answer result;
    try {
        result =
            co_await in_thread(&threads_, when_cancelled::abandon, call_library, library, host);
    } catch (...) {
        landed(host);
        throw;
    }
    landed(host);
    co_return result;
}

void name_lookup::landed(const std::string& host) noexcept {
    std::erase_if(flights_, [&](const flight& f) { return f.host == host; });
}

}  // namespace rondo::detail
