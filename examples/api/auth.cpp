// SPDX-License-Identifier: MIT
// Authentication by dependencies: a token, a session that is closed after the answer, the user.
#include "make_app.hpp"

#include <map>
#include <string>

namespace http = rondo::http;
using rondo::coro;

namespace {

struct user {
    std::string username, email;
    bool disabled = false;
};
struct token {
    std::string access_token;
    std::string token_type = "bearer";
};
struct login_form {
    std::string username, password;
};
struct session {
    coro<void> close() { co_return; }
};

std::map<std::string, user> users{{"alice", {"alice", "alice@example.com"}},
                                  {"bob", {"bob", "bob@example.com", true}}};

rondo::context_manager<session> get_session() {
    session s;
    co_yield s;
    co_await s.close();
}

coro<user> get_current_user(http::oauth2_password_bearer<"token"> token,
                            http::depends<get_session>) {
    if (!users.contains(token)) {
        throw http::error(401, "Invalid credentials", {{"WWW-Authenticate", "Bearer"}});
    }
    co_return users[token];
}

coro<user> get_active_user(http::depends<get_current_user> u) {
    if (u->disabled) {
        throw http::error(400, "Inactive user");
    }
    co_return *u;
}

}  // namespace

http::app make_app() {
    http::app app;
    app.post("/token", [](http::form<login_form> form) {
        if (!users.contains(form.username)) {
            throw http::error(400, "Incorrect username or password");
        }
        return token{form.username};
    });
    app.get("/users/me", [](http::depends<get_active_user> u) { return *u; });
    return app;
}
