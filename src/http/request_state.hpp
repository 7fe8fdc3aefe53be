// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/base/detail/box.hpp>
#include <rondo/core/coro.hpp>
#include <rondo/http/headers.hpp>
#include <rondo/http/multi_dict.hpp>
#include <rondo/http/request.hpp>
#include <rondo/io/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::http::detail {

/// Where the rest of a request's body comes from.
class body_source {
public:
    body_source() = default;
    body_source(const body_source&) = delete;
    body_source& operator=(const body_source&) = delete;
    virtual ~body_source() = default;

    /// Returns: the next piece, never an empty one, good until the next call; nullopt at the end
    /// and ever after. Throws http::error, client_disconnect. Cancellation: nothing is lost.
    [[nodiscard]] virtual coro<std::optional<std::string_view>> next() = 0;
    /// Whether the client has closed the connection.
    [[nodiscard]] virtual coro<bool> is_disconnected() = 0;
    /// Returns: nothing, once the client has closed the connection; that is not seen before the
    /// body has come whole. Nobody else may ask meanwhile. Cancellation: nothing is lost.
    [[nodiscard]] virtual coro<void> until_disconnected() = 0;
};

/// What a request holds. A connection uses one for all of its requests, so that its strings keep
/// their memory; nothing here is allocated for a request without parameters, cookies and body.
class request_state {
public:
    static constexpr std::size_t default_max_pairs = 1'000;
    static constexpr std::uint64_t default_max_body_size = std::uint64_t{16} << 20;

    // ---- set with the head
    std::string method;
    std::string target;         // path and query, or "*"
    std::size_t path_size = 0;  // of `target`: up to the "?"
    int minor_version = 1;
    http::headers headers;
    address client;
    std::string_view scheme = "http";

    // ---- the body
    body_source* source = nullptr;  // of what is not in `body` yet; null: there is nothing else
    bool source_ended = false;
    std::string body;
    std::uint64_t max_body_size = default_max_body_size;
    std::size_t max_pairs = default_max_pairs;

    // ---- the route: names and values as they stand in the path, not decoded
    std::vector<std::pair<std::string_view, std::string_view>> raw_path_params;

    std::size_t mounted = 0;  // so much of the path is the prefix of a mounted application

    // ---- what goes along with it
    struct attached {
        const void* key;
        void* object;
        void (*destroy)(void*);
    };
    std::vector<attached> attachments;

    request_state() = default;
    request_state(const request_state&) = delete;
    request_state& operator=(const request_state&) = delete;
    ~request_state() { detach_all(); }
    void detach_all() noexcept;

    // ---- operations
    /// Sets target and path_size.
    void set_target(std::string_view path_and_query);
    /// Once `target` was changed.
    void set_path_size() noexcept;
    /// As a new one, with the memory that it has. Keeps client and scheme.
    void clear() noexcept;

    // ---- observers, made when they are asked for
    std::string_view raw_path() const noexcept;
    std::string_view query_string() const noexcept;
    const std::string& path();
    const multi_dict& query_params();
    const multi_dict& path_params();
    const multi_dict& cookies();

    // ---- awaitables
    coro<std::string_view> whole_body();
    coro<std::optional<std::string_view>> next_piece();

private:
    enum made : std::uint8_t { path_made = 1, query_made = 2, params_made = 4, cookies_made = 8 };
    bool is_first(made what) noexcept;

    std::uint8_t made_ = 0;
    bool body_given_ = false;  // next_piece() gave `body`
    std::string path_;
    multi_dict query_params_, path_params_, cookies_;
};

}  // namespace rondo::http::detail
