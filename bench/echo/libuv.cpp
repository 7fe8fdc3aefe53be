// SPDX-License-Identifier: MIT
#include "sockets.hpp"

#include <cstring>

#include <uv.h>

namespace {

struct connection {
    uv_tcp_t handle;
};
struct pending_write {
    uv_write_t request;
    char* data;
};

char buffer[bench::most_bytes];  // a read is answered before the next one

void give_buffer(uv_handle_t*, std::size_t, uv_buf_t* to) {
    *to = uv_buf_init(buffer, sizeof buffer);
}

void on_closed(uv_handle_t* handle) { delete reinterpret_cast<connection*>(handle); }

void on_written(uv_write_t* request, int) {
    auto* const pending = reinterpret_cast<pending_write*>(request);
    std::free(pending->data);
    delete pending;
}

void write_later(uv_stream_t* to, const char* data, std::size_t size) {
    auto* const pending = new pending_write;
    pending->data = static_cast<char*>(std::malloc(size));
    std::memcpy(pending->data, data, size);
    const uv_buf_t rest = uv_buf_init(pending->data, static_cast<unsigned>(size));
    uv_write(&pending->request, to, &rest, 1, on_written);
}

void on_read(uv_stream_t* from, ssize_t got, const uv_buf_t* bytes) {
    if (got < 0) {
        uv_close(reinterpret_cast<uv_handle_t*>(from), on_closed);
        return;
    }
    const uv_buf_t all = uv_buf_init(bytes->base, static_cast<unsigned>(got));
    const int written = uv_try_write(from, &all, 1);
    const ssize_t sent = written < 0 ? 0 : written;
    if (sent < got) {
        write_later(from, bytes->base + sent, static_cast<std::size_t>(got - sent));
    }
}

void on_connection(uv_stream_t* listener, int) {
    auto* const made = new connection;
    uv_tcp_init(listener->loop, &made->handle);
    auto* const stream = reinterpret_cast<uv_stream_t*>(&made->handle);
    if (uv_accept(listener, stream) == 0) {
        uv_tcp_nodelay(&made->handle, 1);
        uv_read_start(stream, give_buffer, on_read);
    }
}

}  // namespace

int main() {
    uv_tcp_t listener;
    uv_tcp_init(uv_default_loop(), &listener);
    uv_tcp_open(&listener, bench::listen_and_tell());
    uv_listen(reinterpret_cast<uv_stream_t*>(&listener), 4096, on_connection);
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
