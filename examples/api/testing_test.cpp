// SPDX-License-Identifier: MIT
#include "testing.hpp"

#include "make_app.hpp"

#include <gtest/gtest.h>

namespace http = rondo::http;

namespace {

class items : public testing::Test {
protected:
    http::app app = make_app();
    http::test_client client = http::test_client(app);
};

TEST_F(items, reads_one) {
    const auto response = client.get("/items/foo");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.json<item>().title, "Foo");
}

TEST_F(items, says_that_one_is_not_there) {
    const auto response = client.get("/items/baz");
    EXPECT_EQ(response.status_code, 404);
    EXPECT_EQ(response.body, R"({"detail":"Item not found"})");
}

rondo::coro<database> other_db() {
    database db{{"baz", {"baz", "Baz", {}}}};
    co_return db;
}

TEST_F(items, are_replaced_by_those_of_a_test) {
    app.override_dependency<get_db>(other_db);
    EXPECT_EQ(client.get("/items/baz").status_code, 200);
}

}  // namespace
