// SPDX-License-Identifier: MIT
#pragma once

// All of rondo::http: an application, its server and its test client.

#include <rondo/http/app.hpp>
#include <rondo/http/background_tasks.hpp>
#include <rondo/http/depends.hpp>
#include <rondo/http/error.hpp>
#include <rondo/http/event.hpp>
#include <rondo/http/middleware.hpp>
#include <rondo/http/params.hpp>
#include <rondo/http/reply.hpp>
#include <rondo/http/request.hpp>
#include <rondo/http/response.hpp>
#include <rondo/http/router.hpp>
#include <rondo/http/rules.hpp>
#include <rondo/http/security.hpp>
#include <rondo/http/serve.hpp>
#include <rondo/http/state.hpp>
#include <rondo/http/static_files.hpp>
#include <rondo/http/test_client.hpp>
#include <rondo/http/upload_file.hpp>
#include <rondo/json/partial.hpp>
