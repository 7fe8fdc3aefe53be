// SPDX-License-Identifier: MIT
// A moved argument looks like a temporary to the callee. Both ways out that the sentence names are
// accepted.
// expect-gcc12: std::move is refused too), or give its class a constructor
#include <rondo/threads/to_thread.hpp>

#include <string>
#include <utility>

struct query {
    std::string text;
};
class moved_query {
public:
    explicit moved_query(std::string text) : text_(std::move(text)) {}
    std::size_t size() const { return text_.size(); }

private:
    std::string text_;
};

rondo::coro<void> careless() {
    query named{"text"};
#ifdef RONDO_GOOD
    co_await rondo::to_thread([](const query& q) { return q.text.size(); }, named);
    co_await rondo::to_thread([](const moved_query& q) { return q.size(); }, moved_query("text"));
#else
    co_await rondo::to_thread([](const query& q) { return q.text.size(); }, std::move(named));
#endif
}
