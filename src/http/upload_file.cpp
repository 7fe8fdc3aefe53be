// SPDX-License-Identifier: MIT
#include "http/spooled_file.hpp"
#include <rondo/http/upload_file.hpp>
#include <rondo/os/file.hpp>

#include <algorithm>
#include <utility>

namespace rondo::http {
namespace {

constexpr std::size_t piece_size = 256 * 1024;

const detail::spooled_file& content_of(const box<detail::spooled_file>& content) noexcept {
    static const detail::spooled_file none;
    return content ? *content : none;
}

}  // namespace

upload_file::upload_file() noexcept = default;
upload_file::upload_file(box<detail::spooled_file> content) noexcept
    : content_(std::move(content)) {}
upload_file::upload_file(upload_file&& other) noexcept = default;
upload_file& upload_file::operator=(upload_file&& other) noexcept = default;
upload_file::~upload_file() = default;

const std::string& upload_file::filename() const noexcept { return content_of(content_).filename; }
std::string_view upload_file::content_type() const noexcept {
    return headers().get("content-type").value_or("");
}
std::uint64_t upload_file::size() const noexcept { return content_of(content_).size(); }
const http::headers& upload_file::headers() const noexcept { return content_of(content_).headers; }

coro<std::string> upload_file::read(std::ptrdiff_t n) {
    std::string got;
    if (!content_) {
        co_return got;
    }
    const std::uint64_t left = content_->size() - std::min(content_->position, content_->size());
    const std::uint64_t wanted = n < 0 ? left : std::min<std::uint64_t>(left, std::uint64_t(n));
    while (got.size() < wanted) {
        const std::size_t most = static_cast<std::size_t>(wanted - got.size());
        const std::string piece = co_await content_->read_at(content_->position + got.size(), most);
        if (piece.empty()) {
            break;
        }
        got += piece;
    }
    content_->position += got.size();
    co_return got;
}

void upload_file::seek(std::uint64_t offset) noexcept {
    if (content_) {
        content_->position = std::min(offset, content_->size());
    }
}

coro<void> upload_file::save(std::string path) const {
    auto opening = open_file(std::move(path), "w");
    rondo::file to = co_await opening;
    std::uint64_t at = 0;
    while (at < size()) {
        std::string piece = co_await content_->read_at(at, piece_size);
        if (piece.empty()) {
            break;
        }
        at += piece.size();
        co_await to.write(std::move(piece));
    }
    co_await to.close();
}

}  // namespace rondo::http
