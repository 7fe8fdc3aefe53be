// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/json/value.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace rondo::json {

/// Whatever json throws about values and texts; mistakes in a `describe` are std::logic_error.
class error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The text is no JSON.
class decode_error final : public error {
public:
    decode_error(std::string message, std::string_view text, std::size_t position);

    const std::string& message() const noexcept { return message_; }
    /// In bytes, from 0.
    std::size_t position() const noexcept { return position_; }
    /// From 1; columns in bytes.
    std::size_t line() const noexcept { return line_; }
    std::size_t column() const noexcept { return column_; }

private:
    std::string message_;
    std::size_t position_, line_, column_;
};

/// One thing that is wrong with an input, in pydantic's kinds and words.
struct error_detail {
    std::string type;  // "missing", "int_type", "greater_than" …
    array loc;         // names and indices that lead to it
    std::string msg;   // for people
    value input;       // what came; cut where it is long, and without write-only members
    value ctx;         // an object of the numbers and names in `msg`, or null
};

/// The text is JSON, but not what the type asks for. Holds all that is wrong, not the first alone.
class validation_error final : public error {
public:
    explicit validation_error(std::vector<error_detail> errors);

    const std::vector<error_detail>& errors() const noexcept { return errors_; }
    /// `[{"type": …, "loc": …, "msg": …, "input": …}, …]`, as pydantic's `json()`.
    std::string json() const;

private:
    std::vector<error_detail> errors_;
};

/// A value that JSON cannot hold: a string that is no UTF-8, a date that does not exist, an
/// enumerator without a name, values nested too deep.
class encode_error final : public error {
public:
    using error::error;
};

/// A json::value is asked for what it does not hold.
class type_error final : public error {
public:
    using error::error;
};

}  // namespace rondo::json
