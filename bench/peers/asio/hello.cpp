// SPDX-License-Identifier: MIT
#ifdef WITH_BOOST
#include <boost/asio.hpp>
namespace asio = boost::asio;
#else
#include <asio.hpp>
#endif

#include <chrono>
#include <cstdio>

asio::awaitable<void> hello(asio::io_context& context) {
    asio::steady_timer timer(context, std::chrono::seconds(0));
    co_await timer.async_wait(asio::use_awaitable);
    std::puts("hello");
}

int main() {
    asio::io_context context(1);
    asio::co_spawn(context, hello(context), asio::detached);
    context.run();
}
