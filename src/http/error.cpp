// SPDX-License-Identifier: MIT
#include "http/status.hpp"
#include <rondo/http/error.hpp>

#include <cerrno>
#include <utility>

namespace rondo::http {
namespace {

std::string summary(int status_code, std::string_view detail) {
    if (status_code < 100 || status_code > 599) {
        throw std::invalid_argument("http: no status of an error: " + std::to_string(status_code));
    }
    return std::to_string(status_code) + ": " + std::string(detail);
}

}  // namespace

error::error(int status_code) : error(status_code, detail::phrase_of(status_code)) {}

error::error(int status_code, std::string_view detail, fields headers)
    : std::runtime_error(summary(status_code, detail)),
      status_code_(status_code),
      detail_(json::dumps(detail)),
      headers_(headers) {}

error::error(as_json, int status_code, std::string detail, fields headers)
    : std::runtime_error(summary(status_code, detail)),
      status_code_(status_code),
      detail_(std::move(detail)),
      headers_(headers) {}

client_disconnect::client_disconnect()
    : std::system_error(ECONNRESET, std::generic_category(),
                        "http: the client has closed the connection") {}

}  // namespace rondo::http
