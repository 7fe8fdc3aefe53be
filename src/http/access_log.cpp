// SPDX-License-Identifier: MIT
#include "http/access_log.hpp"

#include "http/date.hpp"

#include <chrono>
#include <cstdio>

namespace rondo::http::detail {
namespace {

/// "06/Nov/1994:08:49:37 +0000"
void append_log_date(std::chrono::sys_seconds time, std::string& to) {
    std::string date;  // "Sun, 06 Nov 1994 08:49:37 GMT"
    append_date(time, date);
    to.append(date, 5, 2).append("/").append(date, 8, 3).append("/").append(date, 12, 4);
    to.append(":").append(date, 17, 8).append(" +0000");
}

}  // namespace

access_log::~access_log() {
    if (linked()) {
        outbox_.remove(*this);
        send();
    }
}

void access_log::add(const request_state& asked, int status_code, std::uint64_t body_size,
                     nanoseconds taken) {
    const std::string host = asked.client.host();
    lines_ += host.empty() ? "-" : host;
    lines_ += " - - [";
    append_log_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                    lines_);
    lines_ += "] \"" + asked.method + ' ';
    for (const char c : asked.target) {  // visible ASCII; a quote would end the field
        lines_ += c == '"' ? "%22" : std::string(1, c);
    }
    lines_ += asked.minor_version == 0 ? " HTTP/1.0\" " : " HTTP/1.1\" ";
    lines_ += std::to_string(status_code) + ' ' + std::to_string(body_size) + ' ';
    char milliseconds[32];
    std::snprintf(milliseconds, sizeof milliseconds, "%.3f\n",
                  std::chrono::duration<double, std::milli>(taken).count());
    lines_ += milliseconds;
    if (!linked()) {
        outbox_.add(*this);
    }
}

void access_log::send() noexcept {
    std::fwrite(lines_.data(), 1, lines_.size(), stdout);
    std::fflush(stdout);
    lines_.clear();
}

}  // namespace rondo::http::detail
