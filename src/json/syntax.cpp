// SPDX-License-Identifier: MIT
#include "json/syntax.hpp"

#include "json/document.hpp"
#include <rondo/json/errors.hpp>

#include <charconv>
#include <set>
#include <string>

namespace rondo::detail {
namespace {

/// Walks a text by the grammar of RFC 8259. Messages are Python's where it has one.
class scanner {
public:
    scanner(std::string_view text, bool refuse_duplicates)
        : text_(text), refuse_duplicates_(refuse_duplicates) {}

    std::optional<syntax_fault> run() {
        if (text_.starts_with("\xef\xbb\xbf")) {
            return syntax_fault{"Unexpected UTF-8 BOM", 0};
        }
        try {
            value(0);
            skip_space();
            if (at_ != text_.size()) {
                fail("Extra data", at_);
            }
        } catch (const syntax_fault& fault) {
            return fault;
        }
        return std::nullopt;
    }

private:
    [[noreturn]] static void fail(const char* message, std::size_t position) {
        throw syntax_fault{message, position};
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char c) {
        const bool there = at_ < text_.size() && text_[at_] == c;
        at_ += there;
        return there;
    }
    void skip_space() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') {
            ++at_;
        }
    }

    void value(std::size_t depth) {
        skip_space();
        switch (peek()) {
            case '{':
                return object(depth + 1);
            case '[':
                return array(depth + 1);
            case '"':
                string();
                return;
            case 't':
                return word("true");
            case 'f':
                return word("false");
            case 'n':
                return word("null");
            default:
                return number();
        }
    }

    void word(std::string_view expected) {
        if (!text_.substr(at_).starts_with(expected)) {
            fail("Expecting value", at_);
        }
        at_ += expected.size();
    }

    /// Takes the bracket and, if nothing is inside, the other one; then it is no level of depth.
    bool is_empty(std::size_t depth, char close) {
        const std::size_t begin = at_++;
        skip_space();
        if (take(close)) {
            return true;
        }
        if (depth > deepest_json) {
            fail("Nested too deep", begin);
        }
        return false;
    }

    void array(std::size_t depth) {
        if (is_empty(depth, ']')) {
            return;
        }
        while (true) {
            value(depth);
            skip_space();
            const std::size_t comma = at_;
            if (take(']')) {
                return;
            }
            if (!take(',')) {
                fail("Expecting ',' delimiter", at_);
            }
            skip_space();
            if (peek() == ']') {
                fail("Illegal trailing comma before end of array", comma);
            }
        }
    }

    void object(std::size_t depth) {
        if (is_empty(depth, '}')) {
            return;
        }
        std::set<std::string> names;
        while (true) {
            member(depth, names);
            skip_space();
            const std::size_t comma = at_;
            if (take('}')) {
                return;
            }
            if (!take(',')) {
                fail("Expecting ',' delimiter", at_);
            }
            skip_space();
            if (peek() == '}') {
                fail("Illegal trailing comma before end of object", comma);
            }
        }
    }

    void member(std::size_t depth, std::set<std::string>& names) {
        const std::size_t begin = at_;
        if (peek() != '"') {
            fail("Expecting property name enclosed in double quotes", at_);
        }
        std::string name = string();
        if (refuse_duplicates_ && !names.insert(std::move(name)).second) {
            fail("A name that stands twice in one object", begin);
        }
        skip_space();
        if (!take(':')) {
            fail("Expecting ':' delimiter", at_);
        }
        value(depth);
    }

    std::size_t digits() {
        const std::size_t begin = at_;
        while (peek() >= '0' && peek() <= '9') {
            ++at_;
        }
        return at_ - begin;
    }

    void fraction() {
        const std::size_t begin = at_;
        if (!take('.') || digits() == 0) {
            at_ = begin;
        }
    }

    void exponent() {
        const std::size_t begin = at_;
        if (take('e') || take('E')) {
            at_ += peek() == '+' || peek() == '-';
            if (digits() > 0) {
                return;
            }
        }
        at_ = begin;
    }

    /// As Python's: what does not belong to a number follows it, and is refused there.
    void number() {
        const std::size_t begin = at_;
        take('-');
        if (!take('0') && digits() == 0) {
            fail("Expecting value", begin);
        }
        const std::size_t whole = at_ - begin;
        fraction();
        exponent();
        check_range(text_.substr(begin, at_ - begin), at_ - begin > whole, begin);
    }

    static void check_range(std::string_view number, bool real, std::size_t begin) {
        const char* first = number.begin();
        const char* end = number.end();
        std::errc error{};
        if (real) {
            double d = 0;
            error = std::from_chars(first, end, d).ec;
            // Too small is zero, too large is none.
            if (error == std::errc::result_out_of_range && is_tiny(number)) {
                error = {};
            }
        } else if (number.starts_with('-')) {
            std::int64_t i = 0;
            error = std::from_chars(first, end, i).ec;
        } else {
            std::uint64_t u = 0;
            error = std::from_chars(first, end, u).ec;
        }
        if (error != std::errc{}) {
            fail("Number out of range", begin);
        }
    }

    /// Of a number that no double holds: whether it is too small rather than too large.
    static bool is_tiny(std::string_view number) {
        const std::size_t e = number.find_first_of("eE");
        if (e != number.npos) {
            return number[e + 1] == '-';
        }
        return number.find_first_not_of("-0.") > number.find('.');
    }

    unsigned hex4() {
        const std::size_t begin = at_ - 1;
        unsigned code = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const char c = peek();
            const char lower = static_cast<char>(c | 0x20);
            const bool letter = lower >= 'a' && lower <= 'f';
            if (!letter && (c < '0' || c > '9')) {
                fail("Invalid \\uXXXX escape", begin);
            }
            code = code * 16 + static_cast<unsigned>(letter ? lower - 'a' + 10 : c - '0');
        }
        return code;
    }

    static void append_utf8(std::string& to, unsigned code) {
        const auto tail = [&](int shift) {
            to += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
        };
        if (code < 0x80) {
            to += static_cast<char>(code);
        } else if (code < 0x800) {
            to += static_cast<char>(0xc0 | (code >> 6));
            tail(0);
        } else if (code < 0x10000) {
            to += static_cast<char>(0xe0 | (code >> 12));
            tail(6);
            tail(0);
        } else {
            to += static_cast<char>(0xf0 | (code >> 18));
            tail(12);
            tail(6);
            tail(0);
        }
    }

    void escape(std::string& to) {
        const std::size_t begin = at_ - 1;
        const char c = peek();
        ++at_;
        if (c != 'u') {
            static constexpr std::string_view escaped = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
            const std::size_t which = escaped.find(c);
            if (which == escaped.npos) {
                fail("Invalid \\escape", begin);
            }
            to += meant[which];
            return;
        }
        unsigned code = hex4();
        if (code >= 0xd800 && code < 0xe000) {
            const bool high = code < 0xdc00;
            const bool pair = high && take('\\') && take('u');
            const unsigned low = pair ? hex4() : 0;
            if (low < 0xdc00 || low >= 0xe000) {
                fail("Unpaired surrogate", begin);
            }
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        append_utf8(to, code);
    }

    std::string string() {
        const std::size_t begin = at_++;
        std::string decoded;
        while (true) {
            if (at_ >= text_.size()) {
                fail("Unterminated string starting at", begin);
            }
            const char c = text_[at_++];
            if (c == '"') {
                break;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                fail("Invalid control character at", at_ - 1);
            }
            if (c == '\\') {
                escape(decoded);
            } else {
                decoded += c;
            }
        }
        if (!is_utf8(decoded)) {
            fail("Invalid UTF-8", begin);
        }
        return decoded;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool refuse_duplicates_;
};

}  // namespace

std::optional<syntax_fault> find_syntax_fault(std::string_view text, bool refuse_duplicates) {
    return scanner(text, refuse_duplicates).run();
}

void refuse_json(std::string_view text) {
    const auto fault =
        find_syntax_fault(text, false).value_or(syntax_fault{"The text is too long", 0});
    throw json::decode_error(fault.message, text, fault.position);
}

}  // namespace rondo::detail
