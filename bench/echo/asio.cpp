// SPDX-License-Identifier: MIT

// asio awaits|callbacks
#include "sockets.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <asio.hpp>

namespace {

using asio::ip::tcp;

constexpr std::size_t buffer_size = 16 * 1024;

asio::awaitable<void> echo(tcp::socket client) {
    std::vector<char> buffer(buffer_size);
    try {
        for (;;) {
            const std::size_t got =
                co_await client.async_read_some(asio::buffer(buffer), asio::use_awaitable);
            co_await asio::async_write(client, asio::buffer(buffer.data(), got),
                                       asio::use_awaitable);
        }
    } catch (const std::system_error&) {
    }
}

asio::awaitable<void> serve(tcp::acceptor& listener) {
    for (;;) {
        tcp::socket client = co_await listener.async_accept(asio::use_awaitable);
        client.set_option(tcp::no_delay(true));
        asio::co_spawn(listener.get_executor(), echo(std::move(client)), asio::detached);
    }
}

class connection : public std::enable_shared_from_this<connection> {
public:
    explicit connection(tcp::socket client) : client_(std::move(client)) {}
    void read() {
        client_.async_read_some(asio::buffer(buffer_),
                                [self = shared_from_this()](auto error, std::size_t got) {
                                    if (!error) {
                                        self->write(got);
                                    }
                                });
    }

private:
    void write(std::size_t size) {
        asio::async_write(client_, asio::buffer(buffer_, size),
                          [self = shared_from_this()](auto error, std::size_t) {
                              if (!error) {
                                  self->read();
                              }
                          });
    }

    tcp::socket client_;
    char buffer_[buffer_size];
};

void accept(tcp::acceptor& listener) {
    listener.async_accept([&listener](auto error, tcp::socket client) {
        if (!error) {
            client.set_option(tcp::no_delay(true));
            std::make_shared<connection>(std::move(client))->read();
        }
        accept(listener);
    });
}

}  // namespace

int main(int count, char** arguments) {
    asio::io_context context(1);
    tcp::acceptor listener(context, tcp::v4(), bench::listen_and_tell());
    if (count > 1 && std::string_view(arguments[1]) == "callbacks") {
        accept(listener);
    } else {
        asio::co_spawn(context, serve(listener), asio::detached);
    }
    context.run();
}
