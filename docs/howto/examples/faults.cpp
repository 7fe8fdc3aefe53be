// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>
#include <rondo/testing/fault_plan.hpp>
#include <rondo/testing/run.hpp>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include <unistd.h>

namespace sim = rondo::testing;
using sim::call;

// #region program
// The program under test: what was there stays there until all of the new text is.
rondo::coro<bool> save(std::string path, std::string text) {
    try {
        co_await rondo::write_file(path + ".new", text);
    } catch (const std::system_error&) {
        ::unlink((path + ".new").c_str());
        co_return false;
    }
    co_return std::rename((path + ".new").c_str(), path.c_str()) == 0;
}
// #endregion

int main() {
    char path[] = "/tmp/rondo_faults_XXXXXX";
    ::close(::mkstemp(path));
    // #region test
    sim::run(save(path, "first"));

    sim::fault_plan full_disk;
    full_disk.fail(call::write, 1, ENOSPC);
    const bool saved = sim::run(save(path, "second"), {.faults = &full_disk});
    std::printf("%s (%s)\n", saved ? "saved" : "not saved", full_disk.describe().c_str());
    std::printf("still there: %s\n", sim::run(rondo::read_file(path)).c_str());
    // #endregion
    ::unlink(path);
}
