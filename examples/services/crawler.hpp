// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/rondo.hpp>

#include <chrono>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// A page names others.
using links = std::vector<std::string>;

struct crawl_options {
    int workers = 4;  // pages that are fetched at a time
    int attempts = 3;
    std::chrono::milliseconds first_pause{100};  // before the second attempt; doubles each time
    std::chrono::milliseconds time_limit{2000};  // of one attempt
};

/// Fetches a page and all that can be reached from it, each once, by a bounded number of workers.
///
/// An attempt that fails, or takes too long, is repeated after a pause that doubles; a page that
/// fails each time is noted in `failed`. Cancelled (by Ctrl-C, say) it stops at once, and what it
/// has found up to then stays in the members.
class crawler {
public:
    using fetch_function = rondo::unique_function<rondo::coro<links>(std::string)>;

    crawler(fetch_function fetch, crawl_options with = {})
        : fetch_(std::move(fetch)), with_(with) {}

    rondo::coro<void> crawl(std::string start) {
        find(std::move(start));
        co_await rondo::with(rondo::task_group(), [&](rondo::task_group& tg) -> rondo::coro<void> {
            for (int i = 0; i < with_.workers; ++i) {
                tg.create_task(work());
            }
            co_await todo_.join();  // every page that was found is dealt with
            todo_.shutdown();       // which sends the workers home
        });
    }

    std::map<std::string, links> pages;
    std::map<std::string, std::string> failed;  // and why

private:
    void find(std::string page) {
        if (found_.insert(page).second) {
            todo_.put_nowait(std::move(page));
        }
    }

    rondo::coro<void> work() {
        try {
            for (;;) {
                std::string page = co_await todo_.get();
                co_await deal_with(page);
                todo_.task_done();
            }
        } catch (const rondo::queue_shut_down&) {
        }
    }

    rondo::coro<void> deal_with(std::string page) {
        std::string why;
        auto pause = with_.first_pause;
        for (int attempt = 1; attempt <= with_.attempts; ++attempt) {
            if (attempt > 1) {
                co_await rondo::sleep(pause);
                pause *= 2;
            }
            std::optional<links> to = co_await fetch_once(page, why);
            if (to) {
                for (const std::string& next : *to) {
                    find(next);
                }
                pages.emplace(page, std::move(*to));
                co_return;
            }
        }
        failed.emplace(page, why);
    }

    rondo::coro<std::optional<links>> fetch_once(const std::string& page, std::string& why) {
        try {
            co_return co_await rondo::wait_for(fetch_(page), with_.time_limit);
        } catch (const std::exception& error) {  // a cancellation is none, and goes through
            why = error.what();
        }
        co_return std::nullopt;
    }

    fetch_function fetch_;
    crawl_options with_;
    rondo::queue<std::string> todo_;
    std::set<std::string> found_;
};
