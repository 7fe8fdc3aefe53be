// SPDX-License-Identifier: MIT
#pragma once

#include "sys/socket_file.hpp"
#include <rondo/io/address.hpp>

#include <string>
#include <utility>

namespace rondo::detail {

/// The file of a Unix socket that this process has bound; removed at the end, unless another one
/// has taken its place.
class socket_file {
public:
    /// Of a socket that has just been bound there. Nothing in the abstract namespace.
    explicit socket_file(const address& at) : path_(is_file(at) ? at.path() : std::string()) {
        if (!path_.empty() && sys::identify(path_.c_str(), identity_) < 0) {
            path_.clear();
        }
    }
    socket_file(socket_file&& other) noexcept
        : path_(std::exchange(other.path_, {})), identity_(other.identity_) {}
    socket_file& operator=(socket_file&&) = delete;
    ~socket_file() {
        sys::file_identity now;
        if (!path_.empty() && sys::identify(path_.c_str(), now) == 0 && now == identity_) {
            sys::unlink(path_.c_str());
        }
    }

    /// Removes the socket that an earlier server may have left behind; never another file.
    static void remove_stale(const address& at) {
        const std::string path = at.path();
        sys::file_identity found;
        if (is_file(at) && sys::identify(path.c_str(), found) == 0 && found.is_socket) {
            sys::unlink(path.c_str());  // if that fails, so does bind, and says so
        }
    }

private:
    static bool is_file(const address& at) { return !at.path().starts_with('\0'); }

    std::string path_;
    sys::file_identity identity_;
};

}  // namespace rondo::detail
