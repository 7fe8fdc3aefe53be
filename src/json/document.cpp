// SPDX-License-Identifier: MIT

// The only file that sees simdjson.
#include "json/document.hpp"

#include "json/syntax.hpp"
#include <rondo/json/errors.hpp>

#include <algorithm>

#include <simdjson.h>

namespace rondo::detail {

struct document::parser {
    simdjson::dom::parser it;
};

namespace {

/// A thread's spare parser with its buffers; one that has grown beyond use is not kept.
constexpr std::size_t kept_capacity = 65'536;
thread_local std::unique_ptr<document::parser> spare;

}  // namespace

document::document(std::string_view text)
    : parser_(spare != nullptr ? std::move(spare) : std::make_unique<parser>()) {
    auto& it = parser_->it;
    bool ok = true;
    if (it.capacity() < text.size() || it.capacity() == 0) {
        // simdjson counts the level below the deepest one, too.
        const std::size_t room = std::max<std::size_t>(text.size(), 4096);
        ok = it.allocate(room, deepest_json + 1) == simdjson::SUCCESS;
        if (!ok && text.size() < simdjson::SIMDJSON_MAXSIZE_BYTES) {
            throw std::bad_alloc();
        }
    }
    ok = ok && it.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
    if (!ok || text.starts_with("\xef\xbb\xbf")) {
        refuse_json(text);
    }
}

document::~document() {
    if (parser_->it.capacity() <= kept_capacity) {
        spare = std::move(parser_);
    }
}

node document::root() const noexcept {
    const auto& doc = parser_->it.doc;
    return {doc.tape.get() + 1, doc.tape.get(), doc.string_buf.get()};
}

bool is_utf8(std::string_view text) noexcept {
    return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace rondo::detail
