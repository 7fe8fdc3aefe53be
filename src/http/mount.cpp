// SPDX-License-Identifier: MIT
#include "http/mount.hpp"

#include "http/app_core.hpp"
#include "http/percent.hpp"
#include "http/request_state.hpp"
#include <rondo/http/app.hpp>
#include <rondo/http/static_files.hpp>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace rondo::http::detail {
namespace {

class mounted_files final : public mounted {
public:
    mounted_files(static_files files, bool falls_back)
        : files_(std::move(files)), falls_back_(falls_back) {}

    coro<void> handle(http::request& asked, http::response& answer) override {
        const bool reads = asked.method() == "GET" || asked.method() == "HEAD";
        if (!reads) {
            throw http::error(405, "Method Not Allowed", {{"allow", "GET, HEAD"}});
        }
        std::string path;
        std::string_view raw = asked.raw_path().substr(asked.state_of().mounted);
        raw.remove_prefix(raw.starts_with('/') ? 1 : 0);
        percent_decode(raw, path);
        const bool is_page = falls_back_ && wants_page(asked) && !is_file(path);
        answer = files_.get(asked, is_page ? "index.html" : path);
        co_return;
    }

private:
    bool is_file(const std::string& path) const {
        std::error_code ignored;
        return std::filesystem::is_regular_file(files_.directory() + '/' + path, ignored);
    }
    static bool wants_page(const http::request& asked) {
        return asked.headers()["accept"].find("text/html") != std::string::npos;
    }

    static_files files_;
    bool falls_back_;
};

class mounted_app final : public mounted {
public:
    explicit mounted_app(http::app&& other) : app_(std::move(other)) {}

    void begin() override { app_.core().begin(app_); }
    coro<void> handle(http::request& asked, http::response& answer) override {
        return app_.core().handle(asked, answer);
    }

private:
    http::app app_;
};

}  // namespace

std::unique_ptr<mounted> mount_files(static_files files, bool falls_back) {
    return std::make_unique<mounted_files>(std::move(files), falls_back);
}

std::unique_ptr<mounted> mount_app(http::app&& other) {
    return std::make_unique<mounted_app>(std::move(other));
}

}  // namespace rondo::http::detail
