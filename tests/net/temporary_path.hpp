// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include <unistd.h>

namespace rondo_test {

/// A path at which there is nothing before, and nothing afterwards.
class temporary_path {
public:
    temporary_path() {
        static int made = 0;
        const std::string name =
            "rondo_test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
        path_ = (std::filesystem::temp_directory_path() / name).string();
    }
    temporary_path(const temporary_path&) = delete;
    temporary_path& operator=(const temporary_path&) = delete;
    ~temporary_path() { std::filesystem::remove(path_); }

    const std::string& string() const { return path_; }
    bool exists() const { return std::filesystem::exists(path_); }

private:
    std::string path_;
};

}  // namespace rondo_test
