// SPDX-License-Identifier: MIT

// What it costs to write and read 50 structs of nine members, about 12 KB; and the same with
// nlohmann-json, where that is installed.
#include <rondo/json/json.hpp>

#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#endif

namespace {

struct size {
    double width = 1.5, height = 2.25, depth = 3;
};
struct item {
    int id = 1;
    std::string name = "A plumbus";
    double price = 35.4;
    int quantity = 3;
    bool active = true;
    std::string description = "Everyone has one at home; nobody knows how it is made";
    std::vector<std::string> tags{"kitchen", "household", "plumbus"};
    size box;
    std::string number = "AB-1234-567-XY";
};

std::vector<item> items() {
    std::vector<item> all(50);
    for (int i = 0; i < 50; ++i) {
        all[static_cast<std::size_t>(i)].id = i * 1037;
        all[static_cast<std::size_t>(i)].price = i * 1.07;
    }
    return all;
}

template <class F>
void measure(benchmark::State& state, F work) {
    const std::string text = rondo::json::dumps(items());
    for (auto _ : state) {
        benchmark::DoNotOptimize(work(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void json_write(benchmark::State& state) {
    measure(state, [all = items()](const std::string&) { return rondo::json::dumps(all); });
}
BENCHMARK(json_write);

void json_read(benchmark::State& state) {
    measure(state,
            [](const std::string& text) { return rondo::json::loads<std::vector<item>>(text); });
}
BENCHMARK(json_read);

void json_read_value(benchmark::State& state) {
    measure(state, [](const std::string& text) { return rondo::json::loads(text); });
}
BENCHMARK(json_read_value);

#if __has_include(<nlohmann/json.hpp>)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(size, width, height, depth)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(item, id, name, price, quantity, active, description, tags, box,
                                   number)

void json_write_nlohmann(benchmark::State& state) {
    measure(state, [all = items()](const std::string&) { return nlohmann::json(all).dump(); });
}
BENCHMARK(json_write_nlohmann);

void json_read_nlohmann(benchmark::State& state) {
    measure(state, [](const std::string& text) {
        return nlohmann::json::parse(text).get<std::vector<item>>();
    });
}
BENCHMARK(json_read_nlohmann);

void json_read_value_nlohmann(benchmark::State& state) {
    measure(state, [](const std::string& text) { return nlohmann::json::parse(text); });
}
BENCHMARK(json_read_value_nlohmann);
#endif

}  // namespace
