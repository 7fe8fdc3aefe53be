// SPDX-License-Identifier: MIT
// What tools/shapes.py finds, marked with its word for it, and the neighbours that are right.
#include <rondo/rondo.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using rondo::coro;

struct order {
    std::string dish;
    int count = 1;
};
struct flat {
    int a;
    int b;
};

coro<int> serve(order o) { co_return o.count; }
coro<int> look_at(const order& o) { co_return o.count; }
coro<bool> fill(std::string& s) {
    s = "full";
    co_return true;
}
coro<std::string> make() { co_return "made"; }
coro<int> both(flat f) { co_return f.a + f.b; }
coro<int> length(std::string s) { co_return static_cast<int>(s.size()); }
coro<int> how_many(std::vector<int> v) { co_return static_cast<int>(v.size()); }

coro<int> aggregates() {
    int n = co_await serve({.dish = "soup", .count = 2});  // shape: aggregate
    n += co_await serve(order{"soup", 2});                 // shape: aggregate
    n += co_await serve(order("soup", 2));                 // shape: aggregate
    n += co_await look_at({"soup", 2});                    // shape: aggregate
    order named{"soup", 2};
    n += co_await look_at(named);
    n += co_await serve(std::move(named));
    n += co_await both({1, 2});
    n += co_await length("soup");
    auto made_first = serve({"soup", 2});
    n += co_await made_first;
    co_return n;
}

coro<void> items(rondo::queue<order>& q, std::string dish) {
    co_await q.put({dish, 1});
    co_await q.emplace(dish, 1);
    co_await q.emplace(order{dish, 1});  // shape: aggregate
    q.put_nowait({dish, 1});
}

coro<order> results(bool first) {
    if (first) {
        co_return order{"soup", 2};
    }
    co_return order{co_await make(), 2};  // shape: members
}
coro<int> members() {
    const order o{.dish = co_await make(), .count = 2};  // shape: members
    const flat f{co_await length("a"), 2};
    co_return o.count + f.a;
}

rondo::async_generator<order> orders() {
    co_yield order{"soup", 1};  // shape: aggregate
    order named{"soup", 1};
    co_yield std::move(named);
}

coro<int> closures(std::string s) {
    int n = co_await rondo::create_task([s]() -> coro<int> { co_return 1; });  // shape: closure
    n += co_await [s]() -> coro<int> { co_return 1; }();                       // shape: closure
    n += co_await [](std::string mine) -> coro<int> { co_return co_await length(mine); }(s);
    auto t = rondo::create_task([s]() -> coro<int> { co_return 1; });
    co_return n + co_await t;
}

coro<int> choices(bool yes) {
    std::string s = yes ? co_await make() : std::string();  // shape: choice
    int n = co_await (yes ? both({1, 2}) : length("a"));    // shape: choice
    n += yes ? co_await length(std::string("a")) : co_await both({1, 2});
    n += co_await length(s) + (yes ? 1 : std::string("a").size() == 1);  // shape: branch
    co_return n;
}

coro<int> logic(bool yes) {
    std::string s;
    bool b = co_await fill(s) && std::string(s) == "full";  // shape: branch
    if (!co_await fill(s) || std::string(s) == "full") {    // shape: branch
        b = true;
    }
    b = yes && co_await fill(s) && s == "full";
    if (yes && co_await length(std::string("a")) == 1) {
        b = false;
    }
    co_return b;
}

coro<int> other() {
    auto* made = new std::string(co_await make());  // shape: new
    delete made;
    int n = co_await how_many({1, 2});          // shape: list
    n += co_await how_many(std::vector{1, 2});  // shape: list
    if (n == 0) {
        throw std::runtime_error("x" + co_await make());  // shape: throw
    }
    co_return n;
}
