// SPDX-License-Identifier: MIT
#include "http/spooled_file.hpp"

#include "http/crypto.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace rondo::http::detail {
namespace {

/// In the folder of temporary files, where nobody else can foresee it.
std::string new_path() {
    const char* folder = std::getenv("TMPDIR");
    std::string path = folder != nullptr && *folder != '\0' ? folder : "/tmp";
    return path + "/rondo-upload-" + random_token(16);
}

coro<rondo::file> open_without_name() {
    const std::string path = new_path();
    auto opening = open_file(path, "x+");
    rondo::file opened = co_await opening;
    std::remove(path.c_str());
    co_return opened;
}

}  // namespace

coro<void> spooled_file::write(std::string_view piece) {
    const bool fits = size_ + piece.size() <= max_in_memory;
    if (!file_ && fits) {
        memory_.append(piece);
        size_ += piece.size();
        co_return;
    }
    if (!file_) {
        auto opening = open_without_name();
        rondo::file opened = co_await opening;
        co_await opened.write_at(0, memory_);
        file_.emplace(std::move(opened));
        std::string().swap(memory_);
    }
    co_await file_->write_at(static_cast<std::int64_t>(size_), std::string(piece));
    size_ += piece.size();
}

coro<std::string> spooled_file::read_at(std::uint64_t offset, std::size_t n) const {
    std::string got;
    if (offset >= size_) {
        co_return got;
    }
    if (!file_) {
        got = memory_.substr(static_cast<std::size_t>(offset), n);
    } else {
        got = co_await file_->read_at(static_cast<std::int64_t>(offset), n);
    }
    co_return got;
}

}  // namespace rondo::http::detail
