// SPDX-License-Identifier: MIT
#include "http/form.hpp"

#include "http/media_type.hpp"
#include "http/multipart.hpp"
#include "http/percent.hpp"
#include "http/request_state.hpp"
#include "http/spooled_file.hpp"
#include <rondo/http/error.hpp>

#include <optional>
#include <stdexcept>
#include <utility>

namespace rondo::http::detail {
namespace {

/// Puts the parts of a multipart body together, one after the other.
class form_builder {
public:
    form_builder(form_data& to, std::size_t max_parts) noexcept : to_(to), max_parts_(max_parts) {}

    void begin(const headers& header) {
        if (++parts_ > max_parts_) {
            throw error(400, "Too many parts in the form");
        }
        const std::string disposition = header["content-disposition"];
        const media_type parsed(disposition);
        std::optional<std::string> name = parsed.parameter("name");
        if (!parsed.is("form-data") || !name) {
            throw error(400, "A part of the form has no name");
        }
        name_ = std::move(*name);
        value_.clear();
        file_ = nullptr;
        if (std::optional<std::string> filename = parsed.parameter("filename")) {
            file_ = make_box<spooled_file>();
            file_->filename = std::move(*filename);
            file_->headers = header;
        }
    }
    coro<void> add(std::string_view piece) {
        const bool too_long = !file_ && value_.size() + piece.size() > max_field_size;
        if (too_long) {
            throw error(400, "A field of the form is too long");
        }
        if (file_) {
            co_await file_->write(piece);
        } else {
            value_.append(piece);
        }
    }
    void end() {
        if (file_) {
            to_.files.emplace_back(std::exchange(name_, {}),
                                   upload_file(std::exchange(file_, nullptr)));
        } else {
            to_.fields.add(std::exchange(name_, {}), std::exchange(value_, {}));
        }
    }

private:
    form_data& to_;
    std::size_t max_parts_;
    std::size_t parts_ = 0;
    std::string name_;
    std::string value_;
    box<spooled_file> file_;
};

multipart_reader reader_for(const std::optional<std::string>& boundary) {
    try {
        return multipart_reader(boundary.value_or(""));
    } catch (const std::invalid_argument&) {
        throw error(400, "The form has no boundary");
    }
}

coro<form_data> read_multipart(request_state& asked, multipart_reader reader) {
    using event = multipart_reader::event;
    form_data form;
    form_builder builder(form, asked.max_pairs);
    for (event what = reader.next(); what != event::end; what = reader.next()) {
        if (what == event::refused) {
            throw error(400, reader.reason());
        }
        if (what == event::part) {
            builder.begin(reader.header());
        } else if (what == event::data) {
            co_await builder.add(reader.data());
        } else if (what == event::part_end) {
            builder.end();
        } else {
            const auto piece = co_await asked.next_piece();
            if (!piece) {
                throw error(400, "The form ends in the middle");
            }
            reader.feed(*piece);
        }
    }
    bool more = true;
    while (more) {
        const auto epilogue = co_await asked.next_piece();
        more = epilogue.has_value();
    }
    co_return form;
}

}  // namespace

coro<form_data> read_form(request_state& asked) {
    const std::string text = asked.headers["content-type"];
    const media_type type(text);
    form_data form;
    if (type.is("multipart/form-data")) {
        auto reading = read_multipart(asked, reader_for(type.parameter("boundary")));
        form = co_await reading;
    } else if (type.is("application/x-www-form-urlencoded")) {
        const std::string_view body = co_await asked.whole_body();
        if (!parse_form(body, asked.max_pairs, form.fields)) {
            throw error(400, "Too many fields in the form");
        }
    }
    co_return form;
}

}  // namespace rondo::http::detail
