// SPDX-License-Identifier: MIT
#include "driver/kernel_driver.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace rondo;
using namespace std::chrono_literals;
using rondo_test::descriptor;
using rondo_test::ends;
using rondo_test::pipe_pair;
using rondo_test::recorder;
using rondo_test::socket_pair;
using rondo_test::tcp_pair;

INSTANTIATE_TEST_SUITE_P(on, kernel_driver,
                         ::testing::Values(driver_kind::epoll, driver_kind::io_uring),
                         rondo_test::driver_name);

// ---- edges and levels

TEST_P(kernel_driver, an_edge_is_told_once_and_begins_with_what_is_true) {
    const ends pair = socket_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    EXPECT_EQ(watch.calls, 1);
    EXPECT_TRUE(watch.writable());
    EXPECT_FALSE(watch.readable());

    watch.forget();
    look();
    EXPECT_EQ(watch.calls, 0);
    for (int i = 0; i < 3; ++i) {
        pair.far.send("x");  // nobody reads, and yet each arrival is told
        look();
        EXPECT_EQ(watch.calls, i + 1);
        look();
        EXPECT_EQ(watch.calls, i + 1);
    }
    EXPECT_TRUE(watch.readable());
    EXPECT_FALSE(watch.hung_up);
    forget(watch);
}

TEST_P(kernel_driver, a_level_is_told_in_every_poll_while_it_lasts) {
    const ends pair = socket_pair();
    recorder watch(*pair.near, false);
    io->watch(watch, io_events::read);
    look();
    EXPECT_EQ(watch.calls, 0);
    pair.far.send("x");
    for (int i = 0; i < 6; ++i) {
        if (i % 2 == 0) {
            look();
        } else {
            EXPECT_LT(wait(10s), 10s);
        }
        EXPECT_EQ(watch.calls, i + 1);
    }
    pair.near.drain();
    look();
    EXPECT_EQ(watch.calls, 6);
    EXPECT_TRUE(is_quiet_for(5ms)) << "nothing is ready, so it waits";
    pair.far.send("x");
    EXPECT_LT(wait(10s), 10s);
    EXPECT_EQ(watch.calls, 7);
    forget(watch);
}

TEST_P(kernel_driver, an_arrival_that_was_read_meanwhile_is_no_level) {
    const ends pair = socket_pair();
    recorder watch(*pair.near, false);
    io->watch(watch, io_events::read);
    look();
    pair.far.send("x");
    pair.near.drain();
    look();
    EXPECT_EQ(watch.calls, 0);
    forget(watch);
}

TEST_P(kernel_driver, only_what_is_of_interest_is_told) {
    const ends pair = socket_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, io_events::write);
    look();
    EXPECT_EQ(watch.calls, 1);
    pair.far.send("x");
    ::shutdown(*pair.far, SHUT_WR);
    look();
    EXPECT_FALSE(watch.readable());
    EXPECT_FALSE(watch.hung_up);
    io->watch(watch, both);
    look();
    EXPECT_TRUE(watch.readable());
    EXPECT_TRUE(watch.hung_up);
    forget(watch);
}

TEST_P(kernel_driver, a_change_of_interest_tells_again_what_is_true) {
    const ends pair = socket_pair();
    recorder watch(*pair.near, true);
    pair.far.send("x");
    io->watch(watch, io_events::read);
    look();
    EXPECT_EQ(watch.calls, 1);
    EXPECT_FALSE(watch.writable());
    io->watch(watch, both);
    look();
    EXPECT_EQ(watch.calls, 2);
    EXPECT_TRUE(watch.writable());
    forget(watch);
}

// ---- the other side goes

TEST_P(kernel_driver, a_peer_that_stops_sending_is_a_hangup_that_can_be_read) {
    const ends pair = tcp_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    watch.forget();
    ::shutdown(*pair.far, SHUT_WR);
    wait(1s);
    EXPECT_TRUE(watch.readable());
    EXPECT_TRUE(watch.hung_up);
    forget(watch);
}

TEST_P(kernel_driver, an_end_that_comes_with_the_last_bytes_is_told) {
    const ends pair = tcp_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    pair.far.send("x");
    ::shutdown(*pair.far, SHUT_WR);
    while (!watch.hung_up && wait(1s) < 1s) {
    }
    EXPECT_TRUE(watch.readable());
    EXPECT_TRUE(watch.hung_up);
    forget(watch);
}

TEST_P(kernel_driver, a_reset_is_ready_for_everything) {
    ends pair = tcp_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    watch.forget();
    const linger at_once{1, 0};
    ::setsockopt(*pair.far, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    pair.far.close();
    wait(1s);
    EXPECT_TRUE(watch.readable());
    EXPECT_TRUE(watch.writable());
    EXPECT_TRUE(watch.hung_up);
    forget(watch);
}

TEST_P(kernel_driver, pipes_tell_arrivals_and_the_end) {
    ends pair = pipe_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, io_events::read);
    look();
    EXPECT_EQ(watch.calls, 0);
    pair.far.send("x");
    look();
    EXPECT_EQ(watch.calls, 1);
    EXPECT_FALSE(watch.hung_up);
    pair.far.close();
    look();
    EXPECT_TRUE(watch.hung_up);
    forget(watch);
}

// ---- the end of a watch

TEST_P(kernel_driver, closing_after_the_end_of_a_watch_ends_the_connection_at_once) {
    for (const bool edge : {true, false}) {
        ends pair = socket_pair();
        recorder watch(*pair.near, edge);
        io->watch(watch, both);
        look();
        forget(watch);
        pair.near.close();
        EXPECT_TRUE(pair.far.sees_the_end());
    }
}

TEST_P(kernel_driver, closing_ends_the_connection_also_when_the_watch_was_never_polled) {
    ends pair = socket_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    forget(watch);
    pair.near.close();
    EXPECT_TRUE(pair.far.sees_the_end());
    look();
    EXPECT_EQ(watch.calls, 0);
}

TEST_P(kernel_driver, closing_ends_the_connection_also_when_bytes_came_a_moment_before) {
    ends pair = socket_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    watch.forget();
    pair.far.send("x");
    forget(watch);
    pair.near.drain();
    pair.near.close();
    EXPECT_TRUE(pair.far.sees_the_end());
    look();
    EXPECT_EQ(watch.calls, 0);
}

TEST_P(kernel_driver, closing_under_a_level_watch_ends_the_connection_all_the_same) {
    ends pair = socket_pair();
    recorder watch(*pair.near, false);
    io->watch(watch, io_events::read);
    look();
    pair.near.close();
    EXPECT_TRUE(pair.far.sees_the_end());
    forget(watch);
}

TEST_P(kernel_driver, the_end_of_the_driver_lets_go_of_everything) {
    const int before = rondo_test::open_descriptors();
    ends watched = socket_pair();
    ends never_polled = socket_pair();
    recorder edge(*watched.near, true);
    recorder level(*watched.far, false);
    recorder late(*never_polled.near, true);
    box<driver> other = detail::make_driver(GetParam());
    other->watch(edge, both);
    other->watch(level, io_events::read);
    other->poll({time_point::min(), false});
    other->watch(late, both);
    other = nullptr;
    EXPECT_EQ(rondo_test::open_descriptors(), before + 4);
    watched.near.close();
    never_polled.near.close();
    EXPECT_TRUE(watched.far.sees_the_end());
    EXPECT_TRUE(never_polled.far.sees_the_end());
}

TEST_P(kernel_driver, closing_ends_a_connection_of_the_network_too) {
    ends pair = tcp_pair();
    recorder watch(*pair.near, true);
    io->watch(watch, both);
    look();
    forget(watch);
    pair.near.close();
    EXPECT_TRUE(pair.far.is_going_to_see_the_end());
}

TEST_P(kernel_driver, a_successor_with_the_same_number_is_told_only_its_own_events) {
    ends first = socket_pair();
    recorder watch(*first.near, true);
    io->watch(watch, io_events::read);
    look();
    first.far.send("x");
    forget(watch);
    const int number = *first.near;
    first.near.close();

    const ends second = socket_pair();
    ASSERT_EQ(*second.near, number);
    recorder successor(number, true);
    io->watch(successor, io_events::read);
    look();
    EXPECT_EQ(watch.calls + successor.calls, 0);
    second.far.send("x");
    look();
    EXPECT_EQ(successor.calls, 1);
    forget(successor);
}

namespace {

/// Ends other watches when it is told.
class ender final : public recorder {
public:
    ender(driver& io, int fd) : recorder(fd, true), io_(io) {}
    void on_ready(io_events events, bool hangup) noexcept override {
        recorder::on_ready(events, hangup);
        for (fd_watch* victim : victims) {
            io_.watch(*victim, io_events::none);
        }
    }
    std::vector<fd_watch*> victims;

private:
    driver& io_;
};

}  // namespace

TEST_P(kernel_driver, a_watch_that_is_ended_in_the_same_poll_is_not_told) {
    const ends a = socket_pair();
    const ends b = socket_pair();
    ender one(*io, *a.near);
    ender two(*io, *b.near);
    one.victims = {&one, &two};
    two.victims = {&two, &one};
    io->watch(one, io_events::read);
    io->watch(two, io_events::read);
    look();
    a.far.send("x");
    b.far.send("x");
    look();
    EXPECT_EQ(one.calls + two.calls, 1);
}

namespace {

/// Watches more descriptors, with higher numbers, when it is told.
class starter final : public recorder {
public:
    starter(driver& io, int fd) : recorder(fd, true), io_(io) {}
    void on_ready(io_events events, bool hangup) noexcept override {
        recorder::on_ready(events, hangup);
        for (auto& watch : more) {
            io_.watch(*watch, io_events::write);
        }
    }
    std::vector<std::unique_ptr<recorder>> more;

private:
    driver& io_;
};

}  // namespace

namespace {

/// Reads what another watch is about to be told, and puts a new one in its place.
class usurper final : public recorder {
public:
    usurper(driver& io, const descriptor& own) : recorder(*own, true), io_(io) {}
    void replaces(const descriptor& fd, fd_watch& old, fd_watch& successor) {
        fd_ = &fd;
        old_ = &old;
        successor_ = &successor;
    }
    void on_ready(io_events events, bool hangup) noexcept override {
        recorder::on_ready(events, hangup);
        fd_->drain();
        io_.watch(*old_, io_events::none);
        io_.watch(*successor_, io_events::read);
    }

private:
    driver& io_;
    const descriptor* fd_ = nullptr;
    fd_watch* old_ = nullptr;
    fd_watch* successor_ = nullptr;
};

}  // namespace

TEST_P(kernel_driver, a_new_watch_is_not_told_what_the_one_before_was_to_be_told) {
    const ends a = socket_pair();
    const ends b = socket_pair();
    usurper one(*io, a.near);
    usurper two(*io, b.near);
    recorder after_one(*a.near, true);
    recorder after_two(*b.near, true);
    one.replaces(b.near, two, after_two);
    two.replaces(a.near, one, after_one);
    io->watch(one, io_events::read);
    io->watch(two, io_events::read);
    look();
    a.far.send("x");
    b.far.send("x");
    look();
    look();
    EXPECT_EQ(one.calls + two.calls, 1);
    EXPECT_EQ(after_one.calls + after_two.calls, 0);
    for (recorder* watch :
         {static_cast<recorder*>(&one), static_cast<recorder*>(&two), &after_one, &after_two}) {
        forget(*watch);
    }
}

namespace {

/// Makes another descriptor ready and ends a watch, when it is told.
class disturber final : public recorder {
public:
    disturber(driver& io, int fd, const descriptor& peer, fd_watch& victim)
        : recorder(fd, true), io_(io), peer_(peer), victim_(victim) {}
    void on_ready(io_events events, bool hangup) noexcept override {
        recorder::on_ready(events, hangup);
        peer_.send("x");
        io_.watch(victim_, io_events::none);
    }

private:
    driver& io_;
    const descriptor& peer_;
    fd_watch& victim_;
};

}  // namespace

TEST_P(kernel_driver, what_becomes_ready_while_a_watch_is_ended_is_told_by_the_next_poll) {
    const ends a = socket_pair();
    const ends b = socket_pair();
    const ends c = socket_pair();
    recorder other(*b.near, true);
    recorder victim(*c.near, true);
    disturber first(*io, *a.near, b.far, victim);
    for (recorder* watch : {static_cast<recorder*>(&first), &other, &victim}) {
        io->watch(*watch, io_events::read);
    }
    look();
    a.far.send("x");
    look();
    EXPECT_EQ(first.calls, 1);
    if (other.calls == 0) {
        EXPECT_LT(wait(10s), 10s);
    }
    EXPECT_EQ(other.calls, 1);
    forget(first);
    forget(other);
}

TEST_P(kernel_driver, more_can_be_watched_while_others_are_told) {
    const ends first = socket_pair();
    const ends second = socket_pair();
    starter start(*io, *first.near);
    recorder after(*second.near, true);
    std::vector<ends> pairs;
    for (int i = 0; i < 100; ++i) {
        pairs.push_back(socket_pair());
        start.more.push_back(std::make_unique<recorder>(*pairs.back().near, true));
    }
    io->watch(start, io_events::write);
    io->watch(after, io_events::write);
    for (int i = 0; i < 10; ++i) {
        look();
    }
    EXPECT_EQ(start.calls, 1);
    EXPECT_EQ(after.calls, 1);
    for (auto& watch : start.more) {
        EXPECT_EQ(watch->calls, 1);
        forget(*watch);
    }
    forget(start);
    forget(after);
}

// ---- what cannot be watched

TEST_P(kernel_driver, what_cannot_be_watched_is_refused_by_name) {
    const descriptor file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
    const descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const int closed = 1'000'000;
    for (const auto& [fd, code] : {std::pair(*file, EPERM), {*null, EPERM}, {closed, EBADF}}) {
        for (const bool edge : {true, false}) {
            recorder watch(fd, edge);
            try {
                io->watch(watch, io_events::read);
                ADD_FAILURE() << fd;
            } catch (const std::system_error& e) {
                EXPECT_EQ(e.code().value(), code);
                EXPECT_NE(std::string(e.what()).find(std::to_string(fd)), std::string::npos);
            }
            forget(watch);
        }
    }
    look();
}

TEST_P(kernel_driver, one_descriptor_has_one_watch) {
    const ends pair = socket_pair();
    recorder edge(*pair.near, true);
    recorder level(*pair.near, false);
    io->watch(edge, io_events::read);
    EXPECT_THROW(io->watch(level, io_events::read), std::runtime_error);
    forget(level);
    pair.far.send("x");
    look();
    EXPECT_EQ(edge.calls, 1);
    forget(edge);
    io->watch(level, io_events::read);
    EXPECT_THROW(io->watch(edge, io_events::read), std::runtime_error);
    look();
    EXPECT_EQ(level.calls, 1);
    forget(level);
}

TEST_P(kernel_driver, what_is_neither_socket_nor_pipe_has_edges_too) {
    const descriptor counter(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    recorder watch(*counter, true);
    io->watch(watch, io_events::read);
    look();
    EXPECT_EQ(watch.calls, 0);
    const std::uint64_t one = 1;
    counter.send({reinterpret_cast<const char*>(&one), sizeof one});
    look();
    EXPECT_EQ(watch.calls, 1);
    look();
    EXPECT_EQ(watch.calls, 1);
    forget(watch);
}

// ---- many

TEST_P(kernel_driver, ten_thousand_descriptors_are_told_and_let_go) {
    constexpr std::size_t count = 5'000;
    if (!rondo_test::allow_descriptors(2 * count + 100)) {
        GTEST_SKIP() << "so many descriptors are not allowed here (ulimit -n)";
    }
    std::vector<ends> pairs;
    std::vector<std::unique_ptr<recorder>> watches;
    for (std::size_t i = 0; i < count; ++i) {
        pairs.push_back(socket_pair());
        for (const descriptor* fd : {&pairs[i].near, &pairs[i].far}) {
            watches.push_back(std::make_unique<recorder>(**fd, true));
            io->watch(*watches.back(), both);
        }
    }
    const auto told_of = [&] {
        for (std::size_t polls = 0; polls < watches.size() / 8; ++polls) {
            look();
        }
        std::size_t told = 0;
        for (const auto& watch : watches) {
            told += watch->calls > 0 ? 1 : 0;
            watch->forget();
        }
        return told;
    };
    EXPECT_EQ(told_of(), 2 * count);
    for (const ends& pair : pairs) {
        pair.near.send("x");
        pair.far.send("x");
    }
    EXPECT_EQ(told_of(), 2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        forget(*watches[2 * i]);
        pairs[i].near.drain();  // what is closed unread is a reset
        pairs[i].near.close();
    }
    EXPECT_EQ(told_of(), count) << "those whose peers have gone";
    for (std::size_t i = 0; i < count; ++i) {
        pairs[i].far.drain();
        EXPECT_TRUE(pairs[i].far.sees_the_end());
    }
}
