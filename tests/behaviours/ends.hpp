// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <exception>
#include <string>

namespace rondo_test {

/// How something ended, in a word: "cancelled", "timeout", "group", or the text of the error.
inline std::string name_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const rondo::cancelled_error&) {
        return "cancelled";
    } catch (const rondo::timeout_error&) {
        return "timeout";
    } catch (const rondo::exception_group&) {
        return "group";
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "?";
    }
}

/// The same for an outcome; "value" when there is one.
template <class T>
std::string end_of(const rondo::outcome<T>& o) {
    return o.has_value() ? "value" : name_of(o.error());
}

/// The same for a task or future that is done.
template <class Handle>
std::string end_of_handle(const Handle& h) {
    if (h.cancelled()) {
        return "cancelled";
    }
    return h.exception() ? name_of(h.exception()) : "value";
}

}  // namespace rondo_test
