// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

rondo::coro<void> main_(std::string path) {
    co_await rondo::write_file(path, "two lines,\nno less\n");
    std::string text = co_await rondo::read_file(path);
    std::printf("%s", text.c_str());

    std::filesystem::remove(path);
    try {
        co_await rondo::read_file(path);
    } catch (const std::system_error& e) {
        std::puts(e.code().message().c_str());
    }
}

int main() {
    auto folder = std::filesystem::temp_directory_path();
    rondo::run(main_(folder / ("rondo_files_" + std::to_string(::getpid()))));
}
