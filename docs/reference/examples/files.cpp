// SPDX-License-Identifier: MIT
// clock: real
#include <rondo/rondo.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

rondo::coro<void> whole(std::string path) {
    // #region whole
    co_await rondo::write_file(path, "two lines,\nno less\n");
    std::string text = co_await rondo::read_file(path);
    std::printf("%s", text.c_str());
    // #endregion
}

rondo::coro<void> open(std::string path) {
    // #region open
    auto f = co_await rondo::open_file(path, "r+");
    std::string line = co_await f.readline();
    co_await f.write("no more");  // over the second line
    co_await f.seek(0, rondo::seek_from::end);
    co_await f.write("and a third\n");
    co_await f.sync();
    std::string start = co_await f.read_at(0, line.size() + 7);
    co_await f.close();
    std::printf("%s\n", start.c_str());
    // #endregion
}

rondo::coro<void> missing(std::string path) {
    // #region errors
    std::filesystem::remove(path);
    try {
        co_await rondo::read_file(path);
    } catch (const std::system_error& e) {
        std::puts(e.code().message().c_str());
    }
    // #endregion
}

rondo::coro<void> main_(std::string path) {
    co_await whole(path);
    co_await open(path);
    co_await missing(path);
}

int main() {
    auto folder = std::filesystem::temp_directory_path();
    rondo::run(main_(folder / ("rondo_files_" + std::to_string(::getpid()))));
}
