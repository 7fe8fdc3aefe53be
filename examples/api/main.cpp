// SPDX-License-Identifier: MIT
// Serves the application that it is linked with: <program> [port], 8000 by default.
#include "make_app.hpp"

#include <cstdint>
#include <cstdlib>

int main(int argc, char** argv) {
    const int port = argc > 1 ? std::atoi(argv[1]) : 8000;
    rondo::http::app app = make_app();
    rondo::http::run(app, {.port = static_cast<std::uint16_t>(port)});
}
