// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace rondo {

/// What stands between a stream and its wire and changes the bytes, as TLS does: pure computation,
/// without a system call or an await. Derive from it, and from `stream_upgrade`, to bring one.
///
/// Owned by the stream. What a function throws ends the connection, and is thrown by the read or
/// write that met it. Threads: the loop's.
class stream_layer {
public:
    stream_layer() = default;
    stream_layer(const stream_layer&) = delete;
    stream_layer& operator=(const stream_layer&) = delete;
    virtual ~stream_layer() = default;

    /// Takes what came from the wire, in pieces of any size; appends what it means to `plain`, and
    /// what has to be answered by itself to `answer`. False: the other side has said farewell.
    virtual bool decode(std::string_view wire, std::string& plain, std::string& answer) = 0;
    /// The wire has ended without a farewell. Throws when that may be an attack.
    virtual void wire_ended() = 0;
    /// Appends to `wire` what says `plain`.
    virtual void encode(std::string_view plain, std::string& wire) = 0;
    /// Appends the farewell.
    virtual void encode_farewell(std::string& wire) = 0;
};

}  // namespace rondo
