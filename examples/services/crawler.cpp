// SPDX-License-Identifier: MIT
// Crawls a site that is made up: its pages are numbers, page n leads to 2n and 2n+1, answers take a
// while, and some fail now and then. Ctrl-C stops it; it says what it has found either way.
#include "crawler.hpp"

#include <cstdio>
#include <random>
#include <stdexcept>

using namespace std::chrono_literals;

class made_up_site {
public:
    rondo::coro<links> fetch(std::string page) {
        co_await rondo::sleep(std::chrono::milliseconds(luck_() % 200));
        if (luck_() % 10 < 2) {
            throw std::runtime_error("503 Service Unavailable");
        }
        const int n = std::stoi(page);
        if (n >= 128) {
            co_return links();
        }
        links to;
        to.push_back(std::to_string(2 * n));
        to.push_back(std::to_string(2 * n + 1));
        co_return to;
    }

private:
    std::minstd_rand luck_{7};
};

int main() {
    made_up_site site;
    crawler all([&site](std::string page) { return site.fetch(std::move(page)); }, {.workers = 8});
    try {
        rondo::run(all.crawl("1"));
    } catch (const rondo::keyboard_interrupt&) {
        std::puts("stopped");
    }
    std::printf("%zu pages, %zu failed\n", all.pages.size(), all.failed.size());
    for (const auto& [page, why] : all.failed) {
        std::printf("  %s: %s\n", page.c_str(), why.c_str());
    }
}
