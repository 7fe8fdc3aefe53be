// SPDX-License-Identifier: MIT
#include <rondo/rondo.hpp>

#include <cstdio>
#include <stdexcept>
#include <vector>

using namespace std::chrono_literals;

rondo::coro<int> job(int n) {
    co_await rondo::sleep(n * 1s);
    if (n == 13) {
        throw std::runtime_error("thirteen");
    }
    co_return n* n;
}

rondo::coro<void> main_() {
    auto [a, b] = co_await rondo::gather(job(3), job(2));
    std::printf("gather: %d %d\n", a, b);

    auto [good, bad] = co_await rondo::gather(rondo::return_exceptions, job(2), job(13));
    std::printf("outcomes: %d, %s\n", good.value(), rondo::describe_exception(bad.error()).c_str());

    auto first = co_await rondo::race(job(5), job(4));
    std::printf("race: number %zu wins\n", first.index());

    std::vector<rondo::coro<int>> jobs;
    for (int n : {3, 1, 2}) {
        jobs.push_back(job(n));
    }
    auto finished = rondo::as_completed(jobs);
    while (auto t = co_await finished.next()) {
        std::printf("as_completed: %d\n", t->result());
    }

    std::vector numbers{1, 2, 3, 4};
    auto start = rondo::loop_clock::now();
    auto squares = co_await rondo::map_concurrent(numbers, job, 2);
    auto took = std::chrono::duration_cast<std::chrono::seconds>(rondo::loop_clock::now() - start);
    std::printf("map_concurrent: the last is %d, %d s\n", squares.back(), int(took.count()));
}

int main() { rondo::run(main_()); }
