// SPDX-License-Identifier: MIT
// Whatever a coroutine returns comes through all that awaits it in its place.
#include <rondo/rondo.hpp>
#include <rondo/testing/run.hpp>

#include <any>
#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

using namespace rondo;
using namespace std::chrono_literals;

namespace {

struct no_default {
    explicit no_default(int n) : number(n) {}
    int number;
};

/// Can only be moved, and that may throw.
struct careless {
    explicit careless(int n) : number(n) {}
    careless(careless&& other) noexcept(false) : number(other.number) {}
    careless& operator=(careless&&) = delete;
    int number;
};

using large = std::array<char, 5000>;

int global = 7;

/// A value of type T, and how it is recognised.
template <class T>
struct sample {
    static T make() { return T(7); }
    static bool is(const T& value) { return value == T(7); }
};
template <>
struct sample<int&> {
    static int& make() { return global; }
    static bool is(const int& value) { return &value == &global; }
};
template <class T>
    requires requires(T t) { t.number; }
struct sample<T> {
    static T make() { return T(7); }
    static bool is(const T& value) { return value.number == 7; }
};
template <class T>
    requires std::is_same_v<std::remove_const_t<T>, std::unique_ptr<int>>
struct sample<T> {
    static std::unique_ptr<int> make() { return std::make_unique<int>(7); }
    static bool is(const T& value) { return value != nullptr && *value == 7; }
};
template <>
struct sample<const std::string> {
    static std::string make() { return "a string that is too long to be kept in place"; }
    static bool is(const std::string& value) { return value == make(); }
};
template <>
struct sample<large> {
    static large make() {
        large made{};
        made.back() = 7;
        return made;
    }
    static bool is(const large& value) { return value.back() == 7; }
};
template <>
struct sample<std::exception_ptr> {
    static std::exception_ptr make() { return std::make_exception_ptr(7); }
    static bool is(const std::exception_ptr& value) { return value != nullptr; }
};
template <>
struct sample<std::any> {
    static std::any make() { return std::make_exception_ptr(7); }
    static bool is(const std::any& value) { return value.type() == typeid(std::exception_ptr); }
};

template <class T>
coro<T> at_once() {
    co_return sample<T>::make();
}
template <>
coro<void> at_once<void>() {
    co_return;
}
template <class T>
coro<T> later() {
    co_await yield_now();
    co_return sample<T>::make();
}
template <>
coro<void> later<void>() {
    co_await yield_now();
}

template <class T, class V>
void expect_right(V&& value) {
    if constexpr (std::is_void_v<T>) {
        static_assert(std::is_same_v<std::remove_cvref_t<V>, std::monostate>);
    } else {
        EXPECT_TRUE(sample<T>::is(value));
    }
}

/// `what` gives a T, and where T is a reference, that one.
template <class T, class A>
coro<void> gives(A what) {
    if constexpr (std::is_void_v<T>) {
        static_assert(std::is_void_v<awaitable_result_t<A>>);
        co_await std::move(what);
    } else {
        static_assert(!std::is_reference_v<T> || std::is_same_v<awaitable_result_t<A>, T>);
        auto&& got = co_await std::move(what);
        expect_right<T>(got);
    }
}

template <class T>
coro<void> through_one() {
    co_await gives<T>(at_once<T>());
    co_await gives<T>(later<T>());
    co_await gives<T>(create_task(later<T>()));
    co_await gives<T>(wait_for(at_once<T>(), 1h));
    co_await gives<T>(wait_for(later<T>(), 1h));
    co_await gives<T>(wait_for(later<T>(), std::nullopt));
    co_await gives<T>(wait_for(create_task(later<T>()), 1h));
    co_await gives<T>(shield(later<T>()));
    co_await gives<T>(wait_for(shield(later<T>()), 1h));
    co_await gives<T>(create_task(wait_for(later<T>(), 1h)));
    co_await gives<T>(ensure_future(later<T>()));

    auto late = wait_for(create_task(later<T>()), 0s);
    auto outcome = co_await as_outcome(std::move(late));
    EXPECT_FALSE(outcome.has_value());
    auto in_time = co_await as_outcome(later<T>());
    expect_right<T>(in_time.value());
    const task<T> t = create_task(later<T>());
    auto of_a_task = co_await as_outcome(wait_for(t, 1h));
    expect_right<T>(std::move(of_a_task).value());

    const auto body = [](auto&) -> coro<T> { return later<T>(); };
    co_await gives<T>(with(cancel_scope(), body));
    const auto alone = []() -> coro<T> { return later<T>(); };
    co_await gives<T>(create_task(alone));
}

template <class T>
future<T> set_future() {
    future<T> f;
    if constexpr (std::is_void_v<T>) {
        f.set_result();
    } else {
        f.set_result(sample<T>::make());
    }
    return f;
}

template <class T>
coro<void> through_gather() {
    const auto of_task = create_task(later<T>());
    auto of_future = set_future<T>();
    auto values = co_await gather(at_once<T>(), later<T>(), of_task, of_future);
    expect_right<T>(std::get<0>(values));
    expect_right<T>(std::get<1>(values));
    expect_right<T>(std::get<2>(values));
    expect_right<T>(std::get<3>(values));
    auto outcomes = co_await gather(return_exceptions, later<T>(), create_task(later<T>()));
    expect_right<T>(std::get<0>(outcomes).value());
    expect_right<T>(std::get<1>(outcomes).value());
    std::vector<coro<T>> several;
    several.push_back(later<T>());
    auto collected = co_await gather(return_exceptions, several);
    expect_right<T>(collected.at(0).value());
}

/// Those which keep the results in a container, and refuse references.
template <class T>
coro<void> through_containers() {
    std::vector<coro<T>> several;
    several.push_back(at_once<T>());
    several.push_back(later<T>());
    auto values = co_await gather(several);
    expect_right<T>(values.at(1));

    auto first = co_await race(later<T>(), create_task(later<T>()));
    std::visit([](auto& winner) { expect_right<T>(winner); }, first);

    const std::vector<coro<T> (*)()> starts{later<T>, later<T>};
    auto staggered = co_await staggered_race(starts, 1s);
    expect_right<T>(staggered.value.value());

    const std::vector<int> items{1, 2, 3};
    const auto of_an_item = [](int) { return later<T>(); };
    auto mapped = co_await map_concurrent(items, of_an_item, 2);
    EXPECT_EQ(mapped.size(), 3U);
    expect_right<T>(mapped.at(2));
}

/// Those which give handles.
template <class T>
coro<void> through_handles() {
    std::vector<coro<T>> several;
    several.push_back(later<T>());
    auto finished = as_completed(several);
    auto one = co_await finished.next();
    co_await gives<T>(std::move(one.value()));
    EXPECT_FALSE(co_await finished.next());

    std::vector<task<T>> tasks;
    tasks.push_back(create_task(later<T>()));
    co_await wait(tasks);
    co_await gives<T>(std::move(tasks.at(0)));

    task<T> member;
    const auto body = [&](task_group& tg) -> coro<void> {
        member = tg.create_task(later<T>());
        co_return;
    };
    co_await with(task_group(), body);
    co_await gives<T>(std::move(member));
    auto set = set_future<T>();
    co_await gives<T>(std::move(set));
}

template <class T>
coro<void> through_threads() {
    const auto plain = []() -> std::remove_const_t<T> {
        if constexpr (!std::is_void_v<T>) {
            return sample<T>::make();
        }
    };
    co_await gives<T>(to_thread(plain));
    event_loop& loop = get_running_loop();
    const auto in_a_thread = [&] {
        if constexpr (std::is_void_v<T>) {
            from_thread::run(later<T>);
            run_coroutine_threadsafe(later<T>(), loop).get();
        } else {
            expect_right<T>(from_thread::run(later<T>));
            expect_right<T>(run_coroutine_threadsafe(later<T>(), loop).get());
        }
    };
    co_await to_thread(in_a_thread);
}

// Where the optimiser runs, those of which each differs from all others: it takes its time.
#if defined(__OPTIMIZE__)
using result_types = ::testing::Types<void, int&, const std::string, careless>;
#else
using result_types = ::testing::Types<void, bool, int&, const std::string, std::unique_ptr<int>,
                                      const std::unique_ptr<int>, no_default, careless, large,
                                      std::exception_ptr, std::any>;
#endif

}  // namespace

template <class T>
class every_result : public ::testing::Test {};
TYPED_TEST_SUITE(every_result, result_types);

TYPED_TEST(every_result, is_given_by_what_awaits_one) {
    rondo::testing::run(through_one<TypeParam>());
}
TYPED_TEST(every_result, is_given_by_gather) { rondo::testing::run(through_gather<TypeParam>()); }
TYPED_TEST(every_result, is_given_by_what_collects) {
    if constexpr (!std::is_reference_v<TypeParam>) {
        rondo::testing::run(through_containers<TypeParam>());
    }
}
TYPED_TEST(every_result, is_given_by_handles) { rondo::testing::run(through_handles<TypeParam>()); }
TYPED_TEST(every_result, is_given_by_threads) { rondo::testing::run(through_threads<TypeParam>()); }
