// SPDX-License-Identifier: MIT
#pragma once

#include <rondo/http/http.hpp>

/// What each file of this folder defines: main.cpp serves it, and its test calls it.
rondo::http::app make_app();
