// SPDX-License-Identifier: MIT
#include <rondo/base/uuid.hpp>

#include <unordered_set>

#include <gtest/gtest.h>

using rondo::uuid;

namespace {

constexpr const char* text = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

TEST(Uuid, IsReadInAllItsSpellingsAndWrittenInOne) {
    for (const char* spelled :
         {text, "F47AC10B-58CC-4372-A567-0E02B2C3D479", "f47ac10b58cc4372a5670e02b2c3d479",
          "{f47ac10b-58cc-4372-a567-0e02b2c3d479}",
          "urn:uuid:f47ac10b-58cc-4372-a567-0e02b2c3d479"}) {
        const auto parsed = uuid::parse(spelled);
        ASSERT_TRUE(parsed) << spelled;
        EXPECT_EQ(parsed->to_string(), text);
    }
}

TEST(Uuid, RefusesOtherTexts) {
    for (const char* wrong :
         {"", "f47ac10b", "f47ac10b-58cc-4372-a567-0e02b2c3d47",
          "f47ac10b-58cc-4372-a567-0e02b2c3d4790", "f47ac10b-58cc-4372-a5670-e02b2c3d479",
          "g47ac10b-58cc-4372-a567-0e02b2c3d479", "{f47ac10b-58cc-4372-a567-0e02b2c3d479",
          "f47ac10b-58cc-4372-a567-0e02b2c3d47\xc3"}) {
        EXPECT_FALSE(uuid::parse(wrong)) << wrong;
    }
}

TEST(Uuid, IsMadeAtRandomOrByTime) {
    const uuid random = uuid::v4();
    EXPECT_EQ(random.version(), 4);
    EXPECT_EQ(random.bytes()[8] & 0xc0, 0x80);
    EXPECT_NE(random, uuid::v4());
    const uuid timed = uuid::v7();
    EXPECT_EQ(timed.version(), 7);
    EXPECT_GT(timed.bytes()[0] + timed.bytes()[1], 0);
}

TEST(Uuid, IsAKeyOfMapsAndSets) {
    std::unordered_set<uuid> set{*uuid::parse(text), uuid(), *uuid::parse(text)};
    EXPECT_EQ(set.size(), 2u);
    EXPECT_LT(uuid(), *uuid::parse(text));
}

}  // namespace
