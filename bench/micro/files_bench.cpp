// SPDX-License-Identifier: MIT

// Files that the kernel has in memory, on each driver: in a thread of the pool with epoll, on the
// ring with io_uring.
#include <rondo/base/detail/random.hpp>
#include <rondo/rondo.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

namespace {

using namespace rondo;

constexpr std::size_t size = 64 << 20;
constexpr std::size_t page = 4096;

/// A file that goes with its owner.
class scratch_file {
public:
    scratch_file() : path_(std::filesystem::temp_directory_path() / "rondo_files_bench") {
        std::ofstream(path_) << std::string(size, 'x');
    }
    scratch_file(const scratch_file&) = delete;
    scratch_file& operator=(const scratch_file&) = delete;
    ~scratch_file() { std::filesystem::remove(path_); }
    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

const scratch_file& scratch() {
    static const scratch_file file;
    return file;
}

driver_kind driver_of(const benchmark::State& state) {
    return state.range(0) == 0 ? driver_kind::epoll : driver_kind::io_uring;
}

coro<void> read_pages(benchmark::State& state) {
    auto f = co_await open_file(scratch().path());
    random_source lot(1);
    for (auto _ : state) {
        const auto at = static_cast<std::int64_t>(lot.below(size / page) * page);
        const auto text = co_await f.read_at(at, page);
        benchmark::DoNotOptimize(text.size());
    }
    co_await f.close();
}

coro<void> read_everything(benchmark::State& state) {
    for (auto _ : state) {
        auto f = co_await open_file(scratch().path());
        for (auto text = co_await f.read(1 << 20); !text.empty(); text = co_await f.read(1 << 20)) {
            benchmark::DoNotOptimize(text.size());
        }
        co_await f.close();
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * size));
}

coro<void> open_and_close(benchmark::State& state) {
    for (auto _ : state) {
        auto f = co_await open_file(scratch().path());
        co_await f.close();
    }
}

template <coro<void> (*body)(benchmark::State&)>
void file_bench(benchmark::State& state) {
    rondo::run(body(state), {.driver = driver_of(state)});
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

BENCHMARK(file_bench<read_pages>)
    ->Name("file/read_4KiB")
    ->ArgName("io_uring")
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime();
BENCHMARK(file_bench<read_everything>)
    ->Name("file/read_64MiB")
    ->ArgName("io_uring")
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime();
BENCHMARK(file_bench<open_and_close>)
    ->Name("file/open_close")
    ->ArgName("io_uring")
    ->Arg(0)
    ->Arg(1)
    ->UseRealTime();

}  // namespace
