// SPDX-License-Identifier: MIT
#include "json/faults.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace json = rondo::json;
using namespace std::chrono;

namespace {

using instant = sys_time<microseconds>;

TEST(Times, InstantsAreUtc) {
    EXPECT_EQ(again<instant>("\"2026-11-29T12:30:00Z\""), "\"2026-11-29T12:30:00Z\"");
    EXPECT_EQ(again<instant>("\"2026-11-29T12:30:00.5+01:30\""), "\"2026-11-29T11:00:00.500000Z\"");
    EXPECT_EQ(again<instant>("\"2026-01-01t00:00:00-0030\""), "\"2026-01-01T00:30:00Z\"");
    EXPECT_EQ(again<instant>("\"1969-12-31 23:59:59.999999Z\""), "\"1969-12-31T23:59:59.999999Z\"");
    EXPECT_EQ(again<instant>("\"0001-01-01T00:00Z\""), "\"0001-01-01T00:00:00Z\"");
    EXPECT_EQ(again<instant>("1.5"), "\"1970-01-01T00:00:01.500000Z\"");
    EXPECT_EQ(again<instant>("-1"), "\"1969-12-31T23:59:59Z\"");
    EXPECT_EQ(again<sys_seconds>("\"2024-02-29T23:59:59.000Z\""), "\"2024-02-29T23:59:59Z\"");
    EXPECT_EQ(json::loads<sys_seconds>("\"2026-11-29T12:30:00Z\""),
              sys_days(2026y / November / 29) + 12h + 30min);
}

TEST(Times, InstantsNeedAZoneAndLocalTimesHaveNone) {
    EXPECT_EQ(faults<instant>("\"2026-11-29T12:30:00\""),
              "timezone_aware: Input should have timezone info");
    using local = local_time<milliseconds>;
    EXPECT_EQ(again<local>("\"2026-11-29T12:30:00.25\""), "\"2026-11-29T12:30:00.250\"");
    EXPECT_EQ(faults<local>("\"2026-11-29T12:30:00Z\""),
              "timezone_naive: Input should not have timezone info");
}

TEST(Times, WhatATypeCannotHoldIsRefused) {
    EXPECT_EQ(faults<sys_seconds>("\"2026-11-29T12:30:00.5Z\"").substr(0, 26),
              "datetime_from_date_parsing");
    EXPECT_EQ(faults<sys_time<nanoseconds>>("\"9999-01-01T00:00:00Z\"").substr(0, 26),
              "datetime_from_date_parsing");
    EXPECT_EQ(faults<instant>("1e300").substr(0, 26), "datetime_from_date_parsing");
    EXPECT_EQ(faults<instant>("true"), "datetime_type: Input should be a valid datetime");
    EXPECT_EQ(faults<instant>("1", {.strict = true}),
              "datetime_type: Input should be a valid datetime");
}

TEST(Times, FaultsSayWhichPart) {
    const auto fault = [](const char* text) {
        const std::string all = faults<instant>(text);
        const std::size_t begin = all.find("date, ") + 6;
        return all.substr(begin, all.find(" {") - begin);
    };
    EXPECT_EQ(fault("\"x\""), "input is too short");
    EXPECT_EQ(fault("\"2026-13-01T00:00:00Z\""), "month value is outside expected range of 1-12");
    EXPECT_EQ(fault("\"2026-02-29T00:00:00Z\""), "day value is outside expected range");
    EXPECT_EQ(fault("\"2026-02-28x00:00:00Z\""),
              "invalid datetime separator, expected `T`, `t`, `_` or space");
    EXPECT_EQ(fault("\"2026-02-28T24:00:00Z\""), "hour value is outside expected range of 0-23");
    EXPECT_EQ(fault("\"2026-02-28T00:00:60Z\""), "second value is outside expected range of 0-59");
    EXPECT_EQ(fault("\"2026-02-28T00:00:00?\""), "invalid timezone sign");
    EXPECT_EQ(fault("\"2026-02-28T00:00:00Zx\""),
              "unexpected extra characters at the end of the input");
}

TEST(Times, Dates) {
    EXPECT_EQ(again<year_month_day>("\"2024-02-29\""), "\"2024-02-29\"");
    EXPECT_EQ(again<sys_days>("\"1969-12-31\""), "\"1969-12-31\"");
    EXPECT_EQ(json::loads<sys_days>("\"1970-01-02\"").time_since_epoch(), days(1));
    EXPECT_EQ(faults<sys_days>("\"2026-02-30\""),
              "date_from_datetime_parsing: Input should be a valid date or datetime, day value is "
              R"(outside expected range {"error":"day value is outside expected range"})");
    EXPECT_THROW(json::dumps(2026y / February / 30), json::encode_error);
}

TEST(Times, EveryDayOfFourHundredYearsIsReadBack) {
    for (auto day = sys_days(1900y / 1 / 1); day < sys_days(2300y / 1 / 1); day += days(1)) {
        ASSERT_EQ(json::loads<year_month_day>(json::dumps(day)), year_month_day(day));
    }
}

TEST(Times, TimesOfDay) {
    using clock = hh_mm_ss<milliseconds>;
    const auto read = json::loads<clock>("\"12:30:00.25\"");
    EXPECT_EQ(read.to_duration(), 12h + 30min + 250ms);
    EXPECT_EQ(json::dumps(read), "\"12:30:00.250\"");
    EXPECT_EQ(json::dumps(hh_mm_ss<seconds>(61s)), "\"00:01:01\"");
    EXPECT_EQ(faults<clock>("\"25:00\"").substr(0, 12), "time_parsing");
}

TEST(Times, Durations) {
    const auto text = [](auto d) { return json::dumps(d); };
    EXPECT_EQ(text(0s), "\"PT0S\"");
    EXPECT_EQ(text(5min), "\"PT5M\"");
    EXPECT_EQ(text(36h + 1s), "\"P1DT12H1S\"");
    EXPECT_EQ(text(-1500ms), "\"-PT1.5S\"");
    EXPECT_EQ(text(duration<double>(0.25)), "\"PT0.25S\"");
    EXPECT_EQ(json::loads<seconds>("\"P1DT12H1S\""), 36h + 1s);
    EXPECT_EQ(json::loads<milliseconds>("\"-PT1.5S\""), -1500ms);
    EXPECT_EQ(json::loads<minutes>("\"P2W\""), 14 * 24h);
    EXPECT_EQ(json::loads<seconds>("\"-1:00:01\""), -3601s);
    EXPECT_EQ(json::loads<milliseconds>("1.5"), 1500ms);
    EXPECT_EQ(json::loads<duration<double>>("\"PT0.5S\"").count(), 0.5);
    for (const char* wrong : {"\"\"", "\"P\"", "\"PT\"", "\"PT5\"", "\"P5M\"", "\"1:60:00\"",
                              "\"PT1.S\"", "\"P1DT\"", "\"x\""}) {
        EXPECT_EQ(faults<seconds>(wrong).substr(0, 18), "time_delta_parsing") << wrong;
    }
    EXPECT_THROW(json::dumps(duration<int, std::ratio<1, 3>>(1)), json::encode_error);
    EXPECT_EQ(faults<seconds>("\"PT0.5S\"").substr(0, 18), "time_delta_parsing");
    EXPECT_EQ(faults<seconds>("null"), "time_delta_type: Input should be a valid timedelta");
}

}  // namespace
