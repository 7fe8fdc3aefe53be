// SPDX-License-Identifier: MIT
#include "crawler.hpp"

#include <rondo/testing/run.hpp>

#include <map>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Key;
using ::testing::Pair;
namespace sim = rondo::testing;

namespace {

/// Each page takes a second; "broken" never answers well, "moody" only at the third time.
struct site {
    std::map<std::string, links> pages;
    std::map<std::string, int> asked;
    int running = 0;
    int most_at_once = 0;

    coro<links> fetch(std::string page) {
        const int times = ++asked[page];
        most_at_once = std::max(most_at_once, ++running);
        co_await finally_([]() -> coro<void> { co_await sleep(1s); }, [this] { --running; });
        if (page == "broken" || (page == "moody" && times < 3)) {
            throw std::runtime_error("no luck with " + page);
        }
        if (page == "slow") {
            co_await sleep_forever();
        }
        co_return pages[page];
    }

    crawler::fetch_function function() {
        return [this](std::string page) { return fetch(std::move(page)); };
    }
};

}  // namespace

TEST(crawler, each_page_is_fetched_once_and_not_too_many_at_a_time) {
    site of;
    of.pages = {{"a", {"b", "c", "d"}}, {"b", {"a", "e"}}, {"c", {"e"}}};
    crawler all(of.function(), {.workers = 2});
    sim::run(all.crawl("a"));
    EXPECT_THAT(all.pages, ElementsAre(Key("a"), Key("b"), Key("c"), Key("d"), Key("e")));
    EXPECT_THAT(of.asked,
                ElementsAre(Pair("a", 1), Pair("b", 1), Pair("c", 1), Pair("d", 1), Pair("e", 1)));
    EXPECT_EQ(of.most_at_once, 2);
}

TEST(crawler, what_fails_is_tried_again_and_noted_when_it_fails_each_time) {
    site of;
    of.pages = {{"a", {"moody", "broken", "slow"}}};
    crawler all(of.function());
    sim::run(all.crawl("a"));
    EXPECT_THAT(all.pages, ElementsAre(Key("a"), Key("moody")));
    EXPECT_THAT(all.failed, ElementsAre(Pair("broken", "no luck with broken"), Key("slow")));
    EXPECT_EQ(of.asked["broken"], 3);
}

TEST(crawler, a_cancelled_one_keeps_what_it_has_found) {
    site of;
    of.pages = {{"a", {"b", "c"}}, {"b", {"d"}}};
    crawler all(of.function());
    sim::run([](crawler& crawling) -> coro<void> {
        auto finished = co_await move_on_after(1500ms, [&] { return crawling.crawl("a"); });
        EXPECT_FALSE(finished);
    }(all));
    EXPECT_THAT(all.pages, ElementsAre(Key("a")));
    EXPECT_EQ(of.running, 0);
}
