// SPDX-License-Identifier: MIT

// Small pieces wait for each other while others are ready, and leave before the loop looks for
// news.
#include "behaviours/toy_layer.hpp"
#include "net/on_kernel.hpp"
#include "net/temporary_path.hpp"
#include <rondo/testing/fault_plan.hpp>

#include <cerrno>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace rondo;
using namespace rondo_test;
using namespace std::chrono_literals;
using rondo::testing::call;

/// Two ends that have waited for a byte already: before that nothing is batched.
coro<connection_ends> acquainted() {
    auto ends = co_await connected();
    auto hearing = create_task(ends.far.read(1));
    co_await yield_now();
    ends.near.write("?");
    co_await hearing;
    auto answer = create_task(ends.near.read(1));
    co_await yield_now();
    ends.far.write("!");
    co_await answer;
    co_return ends;
}

class batch : public on_kernel {
protected:
    int sends() const { return plan.calls(call::send); }

    /// Runs it while another task is always ready.
    template <class F>
    void run_beside_others(F body) {
        run([&]() -> coro<void> {
            auto other = create_task([]() -> coro<void> {
                for (;;) {
                    co_await yield_now();
                }
            }());
            co_await body();
            other.cancel();
        });
    }

    rondo::testing::fault_plan plan;
    rondo::testing::fault_plan::guard guard{&plan};
};
ON_EVERY_KERNEL_DRIVER(batch);

}  // namespace

TEST_P(batch, pieces_leave_as_one) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        const int before = sends();
        ends.near.write("pieces ");
        ends.near.write("of ");
        co_await ends.near.drain();
        ends.near.write("one");
        EXPECT_EQ(sends(), before);
        EXPECT_EQ(co_await ends.far.read(100), "pieces of one");
        EXPECT_EQ(sends(), before + 1);
        EXPECT_EQ(ends.near.write_buffer_size(), 0u);
    });
}

TEST_P(batch, where_nobody_else_is_ready_there_is_nothing_to_wait_for) {
    run([&]() -> coro<void> {
        auto ends = co_await acquainted();
        const int before = sends();
        ends.near.write("now");
        EXPECT_EQ(sends(), before + 1);
        EXPECT_EQ(co_await ends.far.read(100), "now");
    });
}

TEST_P(batch, a_large_piece_comes_after_the_small_ones_before_it) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        const std::string large(100'000, 'b');
        ends.near.write("a");
        ends.near.write(large);
        ends.near.write("c");
        EXPECT_EQ(co_await ends.far.readexactly(large.size() + 2), "a" + large + "c");
    });
}

TEST_P(batch, closing_in_whatever_way_sends_it_first) {
    run_beside_others([&]() -> coro<void> {
        for (const auto end : {&stream::close, &stream::abort}) {
            auto ends = co_await acquainted();
            ends.near.write("bye");
            (ends.near.*end)();
            EXPECT_EQ(co_await ends.far.read(), "bye");
        }
        auto ends = co_await acquainted();
        ends.near.write("bye");
        ends.near.write_eof();
        EXPECT_EQ(co_await ends.far.read(), "bye");
        auto [in, out] = std::move(ends.far).split();
        out.write("and you");
        out.close();
        EXPECT_EQ(co_await ends.near.read(), "and you");
    });
}

TEST_P(batch, a_layer_that_cannot_go_on_tells_so) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        co_await put_layer_on(ends.near, ends.far);
        ends.near.write("ok");
        EXPECT_EQ(co_await ends.far.read(100), "ok");
        ends.near.write("unspeakable");  // which the layer sees when the batch is sent
        co_await sleep(1ms);
        EXPECT_THROW(co_await ends.near.drain(), std::runtime_error);
        EXPECT_EQ(co_await errno_of(ends.near.drain()), ECONNABORTED);
    });
}

TEST_P(batch, a_writer_over_a_layer_is_closed_when_it_is_sent) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        co_await put_layer_on(ends.near, ends.far);
        auto [in, out] = std::move(ends.near).split();
        const int before = sends();
        out.write("last");
        EXPECT_EQ(sends(), before);
        out.close();
        co_await out.wait_closed();
        EXPECT_EQ(sends(), before + 2);  // a record, and the farewell
        EXPECT_EQ(co_await ends.far.read(), "last");
    });
}

TEST_P(batch, a_file_comes_after_it) {
    const temporary_path path;
    run_beside_others([&]() -> coro<void> {
        co_await write_file(path.string(), std::string("the file"));
        auto f = co_await open_file(path.string());
        auto ends = co_await acquainted();
        const int before = sends();
        ends.near.write("before ");
        EXPECT_EQ(sends(), before);
        EXPECT_EQ(co_await ends.near.sendfile(f), 8);
        EXPECT_EQ(co_await ends.far.readexactly(15), "before the file");
    });
}

TEST_P(batch, a_pipe_is_written_to_at_once) {
    run_beside_others([&]() -> coro<void> {
        auto [reader, writer] = rondo::pipe();
        auto hearing = create_task(reader.read(1));
        co_await yield_now();
        writer.write("!");
        EXPECT_EQ(co_await hearing, "!");
        const int before = plan.calls(call::write);
        writer.write("now");
        EXPECT_EQ(plan.calls(call::write), before + 1);
    });
}

TEST_P(batch, a_loop_that_stops_sends_it_first) {
    std::optional<connection_ends> ends;
    event_loop loop(GetParam());
    loop.run_until_complete([&]() -> coro<void> {
        ends.emplace(co_await acquainted());
        get_running_loop().call_soon([] {});
        const int before = sends();
        ends->near.write("the last word");
        EXPECT_EQ(sends(), before);
    }());
    const std::string heard = loop.run_until_complete([&]() -> coro<std::string> {
        const int before = sends();
        std::string all = co_await ends->far.read(100);
        EXPECT_EQ(sends(), before);
        co_return all;
    }());
    EXPECT_EQ(heard, "the last word");
    ends.reset();
    loop.close();
}

TEST_P(batch, tasks_that_are_always_ready_do_not_keep_it_back) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        auto hearing = create_task(ends.far.read(100));
        const int before = sends();
        ends.near.write("while they run");
        EXPECT_EQ(sends(), before);
        while (!hearing.done()) {
            co_await yield_now();
        }
        EXPECT_EQ(co_await hearing, "while they run");
    });
}

TEST_P(batch, more_streams_than_it_has_room_for) {
    run_beside_others([&]() -> coro<void> {
        std::vector<connection_ends> all;
        for (int i = 0; i < 40; ++i) {
            all.push_back(co_await acquainted());
        }
        const std::string piece(1'000, '.');
        const int before = sends();
        for (const char* mark : {"1", "2", "3"}) {
            for (auto& ends : all) {
                ends.near.write(piece);
                ends.near.write(mark);
            }
        }
        EXPECT_LT(sends() - before, 120);  // the last few wait yet
        for (auto& ends : all) {
            EXPECT_EQ(co_await ends.far.readexactly(3'003),
                      piece + "1" + piece + "2" + piece + "3");
        }
    });
}

TEST_P(batch, small_pieces_to_somebody_who_reads_slowly) {
    run_beside_others([&]() -> coro<void> {
        auto ends = co_await acquainted();
        std::string sent;
        auto sending = create_task([](stream& to, std::string& all) -> coro<void> {
            for (std::size_t i = 0; all.size() < 8'000'000; ++i) {
                const std::string piece(1 + i * 7'919 % 4'096, static_cast<char>('a' + i % 26));
                to.write(piece);
                all += piece;
                co_await to.drain();
            }
            to.write_eof();
        }(ends.near, sent));
        std::string received;
        while (!ends.far.at_eof()) {
            received += co_await ends.far.read(50'000);
            co_await sleep(100us);
        }
        co_await sending;
        EXPECT_TRUE(received == sent) << received.size() << " of " << sent.size() << " bytes";
    });
}

TEST_P(batch, one_that_is_lost_leaves_the_others_alone) {
    run_beside_others([&]() -> coro<void> {
        auto broken = co_await acquainted();
        auto whole = co_await acquainted();
        plan.fail(call::send, sends() + 1, EPIPE);
        broken.near.write("1");
        whole.near.write("2");
        broken.near.write("3");
        EXPECT_EQ(co_await whole.far.read(1), "2");
        EXPECT_EQ(co_await broken.far.read(), "");
        EXPECT_EQ(co_await errno_of(broken.near.drain()), EPIPE);
    });
}
