// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/headers.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::http::detail {

/// Takes multipart/form-data apart as it comes. RFC 7578, RFC 2046 §5.1.
class multipart_reader {
public:
    enum class event : std::uint8_t { need_more, part, data, part_end, end, refused };

    static constexpr std::size_t max_header_size = std::size_t{8} * 1024;

    /// Throws invalid_argument for a boundary that is none.
    explicit multipart_reader(std::string_view boundary);

    /// Once next() asked for more.
    void feed(std::string_view piece);
    /// What comes next: the header of a part, pieces of its body, its end; at last the end of all.
    event next();

    /// After `part`.
    const headers& header() const noexcept { return header_; }
    /// After `data`; good until feed(). Never empty.
    std::string_view data() const noexcept { return data_; }
    /// After `refused`.
    std::string_view reason() const noexcept { return reason_; }

private:
    enum class state : std::uint8_t { preamble, after_boundary, header, body, ended };

    std::string_view rest() const noexcept { return std::string_view(buffer_).substr(at_); }
    event skip_preamble();
    event read_after_boundary();
    event read_header();
    event read_body();
    bool add_field(std::string_view line);
    event refuse(std::string_view reason) noexcept;

    std::string delimiter_;  // "\r\n--" and the boundary
    std::string buffer_ = "\r\n";
    std::size_t at_ = 0;
    state state_ = state::preamble;
    headers header_;
    std::string_view data_;
    std::string_view reason_;
};

}  // namespace rondo::http::detail
