// SPDX-License-Identifier: MIT
// Serves the application that it is linked with: <program> [port], 8000 by default.
#include "make_app.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int argc, char** argv) {
    const int port = argc > 1 ? std::atoi(argv[1]) : 8000;
    try {
        rondo::http::app app = make_app();
        rondo::http::run(app, {.port = static_cast<std::uint16_t>(port)});
    } catch (const std::exception& e) {  // the port is taken, say
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
