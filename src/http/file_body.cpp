// SPDX-License-Identifier: MIT
#include "http/file_body.hpp"

#include "http/conditions.hpp"
#include "http/crypto.hpp"
#include "http/date.hpp"
#include "http/mime.hpp"
#include "http/request_state.hpp"
#include <rondo/http/response.hpp>
#include <rondo/threads/to_thread.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace rondo::http::detail {
namespace {

namespace fs = std::filesystem;
namespace chrono = std::chrono;

constexpr std::size_t piece_size = std::size_t{256} * 1024;
constexpr std::string_view missing = "{\"detail\":\"Not Found\"}";

std::string hex(std::uint64_t number) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, 16);
    return std::string(digits, end.ptr);
}

}  // namespace

/// In a thread: nobody opens a FIFO, which would wait for a writer.
std::size_t file_body::find(const std::vector<std::string>& candidates) {
    std::size_t i = 0;
    std::error_code failed;
    while (i < candidates.size() && !fs::is_regular_file(candidates[i], failed)) {
        ++i;
    }
    return i;
}

/// In a thread: of what was opened, and not of what stands at the path by now.
file_body::about file_body::describe(int fd, const std::string& within) {
    const std::string self = "/proc/self/fd/" + std::to_string(fd);
    about known;
    known.size = fs::file_size(self);
    known.modified = chrono::time_point_cast<chrono::nanoseconds>(
        fs::file_time_type::clock::to_sys(fs::last_write_time(self)));
    const std::string real = fs::read_symlink(self).string();
    known.is_inside = fs::is_regular_file(self) &&
                      (within.empty() || (real.starts_with(within) && real.size() > within.size() &&
                                          (real[within.size()] == '/' || within == "/")));
    return known;
}

coro<bool> file_body::open() {
    candidate_ = co_await to_thread(find, where_.candidates);
    bool is_there = false;
    if (candidate_ == where_.candidates.size()) {
        co_return is_there;
    }
    try {
        auto opening = open_file(where_.candidates[candidate_]);
        file_.emplace(co_await opening);
        about_ = co_await to_thread(describe, file_->fileno(), where_.within);
        is_there = about_.is_inside;
    } catch (const std::system_error&) {  // gone, or not ours to read
    }
    co_return is_there;
}

coro<void> file_body::prepare(request& asked, response& answer) {
    const bool is_there = co_await open();
    if (!is_there) {
        answer_missing(answer);
        co_return;
    }
    if (!where_.encodings.empty()) {
        answer.headers.add("vary", "accept-encoding");
        const std::string_view encoding = where_.encodings[candidate_];
        if (!encoding.empty()) {
            answer.headers.add("content-encoding", encoding);
        }
    }
    const std::string etag =
        '"' + hex(static_cast<std::uint64_t>(about_.modified.time_since_epoch().count())) + '-' +
        hex(about_.size) + '"';
    validators state;
    state.etag = etag;
    state.modified = chrono::floor<chrono::seconds>(about_.modified);
    std::string date;
    append_date(state.modified, date);
    answer.headers.set("etag", etag);
    answer.headers.set("last-modified", date);
    answer.headers.set("accept-ranges", "bytes");
    if (answer.status_code == 200) {
        answer.status_code = evaluate_conditions(asked.headers(), state);
    }
    if (answer.status_code == 200 || answer.status_code == 206) {
        answer_ranges(asked, answer, range_applies(asked.headers(), state));
    }
}

void file_body::answer_missing(response& answer) {
    answer.status_code = 404;
    answer.headers.set("content-type", "application/json");
    answer.headers.erase("content-disposition");
    text_ = missing;
    size_ = text_.size();
}

/// All of it, or those parts that a Range header asks for.
void file_body::answer_ranges(request& asked, response& answer, bool applies) {
    wanted_ranges wanted;
    if (applies && asked.method() == "GET") {
        wanted = parse_ranges(asked.headers().get("range").value_or(""), about_.size);
    }
    if (!wanted.valid) {
        ranges_.assign(1, byte_range());
        ranges_[0].size = size_ = about_.size;
        return;
    }
    if (wanted.ranges.empty()) {
        answer.status_code = 416;
        answer.headers.set("content-range", "bytes */" + std::to_string(about_.size));
        answer.headers.erase("content-type");
        return;
    }
    answer.status_code = 206;
    ranges_ = std::move(wanted.ranges);
    if (ranges_.size() > 1) {
        add_parts(answer);
        return;
    }
    size_ = ranges_[0].size;
    answer.headers.set("content-range", range_text(ranges_[0], about_.size));
}

/// RFC 9110 §14.6.
void file_body::add_parts(response& answer) {
    const std::string boundary = random_token(12);
    const std::string media_type = answer.headers["content-type"];
    for (const byte_range& range : ranges_) {
        before_.push_back("\r\n--" + boundary + "\r\ncontent-type: " + media_type +
                          "\r\ncontent-range: " + range_text(range, about_.size) + "\r\n\r\n");
        size_ += before_.back().size() + range.size;
    }
    before_.push_back("\r\n--" + boundary + "--\r\n");
    size_ += before_.back().size();
    answer.headers.set("content-type", "multipart/byteranges; boundary=" + boundary);
}

std::optional<file_part> file_body::as_file() const noexcept {
    std::optional<file_part> part;
    if (file_ && ranges_.size() == 1) {
        part.emplace();
        part->of = &*file_;
        part->offset = ranges_[0].first;
    }
    return part;
}

coro<bool> file_body::next(std::string& to) {
    to += std::exchange(text_, std::string());
    if (part_ == ranges_.size()) {
        to += before_.empty() ? "" : before_.back();
        co_return false;
    }
    byte_range& range = ranges_[part_];
    if (!before_.empty()) {
        to += std::exchange(before_[part_], std::string());
    }
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(range.size, piece_size));
    const std::string piece = co_await file_->read_at(static_cast<std::int64_t>(range.first), most);
    to += piece;
    range.first += piece.size();
    range.size -= piece.size();
    if (piece.empty() && range.size > 0) {
        throw std::runtime_error("http: the file has become shorter: " + file_->path());
    }
    part_ += range.size == 0 ? 1 : 0;
    co_return true;
}

coro<void> file_body::aclose() {
    if (file_) {
        co_await file_->close();
    }
}

}  // namespace rondo::http::detail
