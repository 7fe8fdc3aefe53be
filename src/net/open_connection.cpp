// SPDX-License-Identifier: MIT
#include <rondo/core/exception_group.hpp>
#include <rondo/core/staggered_race.hpp>
#include <rondo/net/getaddrinfo.hpp>
#include <rondo/net/open_connection.hpp>
#include <rondo/net/socket.hpp>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

namespace rondo {

namespace {

/// The first `first` addresses of the first kind, then one of each kind in turn (RFC 8305, 4).
std::vector<address> interleaved(const std::vector<address>& all, int first) {
    if (first <= 0) {
        return all;
    }
    std::vector<address> kinds[2];
    for (const address& a : all) {
        kinds[a.family() != all.front().family()].push_back(a);
    }
    const std::size_t ahead = std::min(static_cast<std::size_t>(first - 1), kinds[0].size());
    std::vector<address> result(kinds[0].begin(), kinds[0].begin() + static_cast<int>(ahead));
    for (std::size_t i = 0; result.size() < all.size(); ++i) {
        if (ahead + i < kinds[0].size()) {
            result.push_back(kinds[0][ahead + i]);
        }
        if (i < kinds[1].size()) {
            result.push_back(kinds[1][i]);
        }
    }
    return result;
}

coro<socket> connect_one(address to, connection_options options) {
    socket s = socket::for_address(to);
    if (options.local_addr) {
        if (options.local_addr.family() != to.family()) {
            throw std::system_error(
                EAFNOSUPPORT, std::generic_category(),
                "connect to " + to.to_string() + " from " + options.local_addr.to_string());
        }
        s.bind(options.local_addr);
    }
    co_await s.connect(to);
    co_return s;
}

/// What an error says before the message of its code.
std::string without_code(const std::system_error& e) {
    std::string text = e.what();
    const std::string code = ": " + e.code().message();
    if (text.ends_with(code)) {
        text.resize(text.size() - code.size());
    }
    return text;
}

/// The only error, or one that names them all.
[[noreturn]] void throw_all(const std::vector<std::exception_ptr>& errors, bool grouped) {
    const char* const what = "open_connection: every address failed";
    if (grouped) {
        throw exception_group(what, errors);
    }
    std::vector<std::system_error> all;
    for (const std::exception_ptr& error : errors) {
        try {
            std::rethrow_exception(error);
        } catch (const std::system_error& e) {  // anything else is thrown as it is
            all.push_back(e);
        }
    }
    const bool same = std::all_of(all.begin(), all.end(), [&all](const std::system_error& e) {
        return e.code() == all.front().code();
    });
    std::string list;
    for (const std::system_error& e : all) {
        list += (list.empty() ? "" : "; ") + (same ? without_code(e) : std::string(e.what()));
    }
    if (same) {
        throw std::system_error(all.front().code(), std::string(what) + ": " + list);
    }
    throw std::system_error(EHOSTUNREACH, std::generic_category(),
                            std::string(what) + " (" + list + ")");
}

coro<socket> connect_first(std::vector<address> all, connection_options options) {
    const auto start_at = [options](const address& to) {
        return [to, options] { return connect_one(to, options); };
    };
    std::vector<decltype(start_at(all.front()))> starts;
    for (const address& to : interleaved(all, options.interleave)) {
        starts.push_back(start_at(to));
    }
    auto race = detail::staggered_race_of(std::move(starts), options.happy_eyeballs_delay);
    auto end = co_await race;
    if (!end.value) {
        throw_all(end.exceptions, options.all_errors);
    }
    co_return std::move(*end.value);
}

}  // namespace

coro<stream> open_connection(std::string host, std::uint16_t port, connection_options options) {
    auto found = co_await getaddrinfo(std::move(host), port);
    if (found.size() == 1 && !options.all_errors) {
        co_return stream(co_await connect_one(found.front(), options), options.limit);
    }
    co_return stream(co_await connect_first(std::move(found), options), options.limit);
}

coro<stream> open_unix_connection(std::string path, connection_options options) {
    const address to = address::of_path(path);
    co_return stream(co_await connect_one(to, options), options.limit);
}

}  // namespace rondo
