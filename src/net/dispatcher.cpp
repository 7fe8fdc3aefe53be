// SPDX-License-Identifier: MIT
#include "io/stream_core.hpp"
#include "sys/unique_fd.hpp"
#include <rondo/core/event_loop.hpp>
#include <rondo/net/dispatcher.hpp>
#include <rondo/net/socket.hpp>
#include <rondo/threads/submit_to.hpp>

#include <atomic>
#include <exception>
#include <utility>

namespace rondo {

namespace detail {

/// A connection on its way to a loop. Whoever takes it is the only one.
class parcel {
public:
    explicit parcel(stream_ref of) : fd_(of->fd()->give_away()) {}
    /// In the loop that serves it.
    int take() noexcept {
        taken_.store(true);
        return fd_.release();
    }
    bool taken() const noexcept { return taken_.load(); }

private:
    sys::unique_fd fd_;
    std::atomic<bool> taken_{false};  // read when the end of serve_in was told, which orders it
};

/// Where connections go: the handlers, each of which is used by its own loop only, and how many
/// connections each loop has, which the loop of the dispatcher counts.
class dispatch {
public:
    dispatch(std::vector<connection_handler> handlers, loop_place here, std::size_t limit)
        : handlers_(std::move(handlers)), loads_(here.count()), here_(here), limit_(limit) {}

    std::size_t load(std::size_t loop) const { return loads_.at(loop); }

    /// Serves a connection, wherever, to its end.
    static coro<void> hand_over(std::shared_ptr<dispatch> self, stream client);

private:
    /// A connection counts from its assignment to its end.
    class counted {
    public:
        explicit counted(std::size_t& load) noexcept : load_(load) { ++load_; }
        counted(const counted&) = delete;
        counted& operator=(const counted&) = delete;
        ~counted() { --load_; }

    private:
        std::size_t& load_;
    };

    bool is_open(std::size_t loop) const {
        return loop == here_.index() || !here_.loop(loop).is_closed();
    }
    std::size_t choose() noexcept;
    static coro<void> serve_in(std::shared_ptr<dispatch> self, std::size_t loop,
                               std::shared_ptr<parcel> what);

    std::vector<connection_handler> handlers_;
    std::vector<std::size_t> loads_;
    loop_place here_;
    std::size_t limit_;
    std::size_t last_ = 0;
};

/// The open loop with the fewest connections; of those, the next one in turn.
std::size_t dispatch::choose() noexcept {
    std::size_t best = here_.index();
    bool found = false;
    for (std::size_t i = 1; i <= loads_.size(); ++i) {
        const std::size_t loop = (last_ + i) % loads_.size();
        if (is_open(loop) && (!found || loads_[loop] < loads_[best])) {
            best = loop;
            found = true;
        }
    }
    last_ = best;
    return best;
}

/// Runs in the loop that serves.
coro<void> dispatch::serve_in(std::shared_ptr<dispatch> self, std::size_t loop,
                              std::shared_ptr<parcel> what) {
    stream client(stream_ref::adopt(*new stream_core(own_fd(what->take()), self->limit_)));
    co_await self->handlers_[loop](std::move(client));
}

coro<void> dispatch::hand_over(std::shared_ptr<dispatch> self, stream client) {
    const auto what = std::make_shared<parcel>(client.core());
    for (;;) {
        const std::size_t to = self->choose();
        const counted one(self->loads_[to]);
        std::exception_ptr error;
        try {
            auto serving = submit_to(self->here_.loop(to), serve_in, self, to, what);
            co_await serving;
            co_return;
        } catch (...) {
            error = std::current_exception();
        }
        if (what->taken() || self->is_open(to)) {
            std::rethrow_exception(error);
        }
    }
}

coro<dispatcher> start_dispatcher_with(std::vector<connection_handler> handlers, loop_place here,
                                       std::string host, std::uint16_t port,
                                       server_options options) {
    const auto to = std::make_shared<dispatch>(std::move(handlers), here, options.limit);
    connection_handler hand_over = [to](stream client) {
        return dispatch::hand_over(to, std::move(client));
    };
    auto starting = start_server(std::move(hand_over), std::move(host), port, options);
    server accepting = co_await starting;
    co_return dispatcher(std::move(accepting), to);
}

}  // namespace detail

dispatcher::dispatcher(server accepting, std::shared_ptr<detail::dispatch> to) noexcept
    : server_(std::move(accepting)), to_(std::move(to)) {}
dispatcher::dispatcher(dispatcher&& other) noexcept = default;
dispatcher& dispatcher::operator=(dispatcher&& other) noexcept = default;
dispatcher::~dispatcher() = default;

std::size_t dispatcher::connections_of(std::size_t loop) const { return to_->load(loop); }

}  // namespace rondo
