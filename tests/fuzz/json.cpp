// SPDX-License-Identifier: MIT

// Whatever the text: the parser and the scanner that says where it is wrong agree whether it is
// JSON, what is JSON is written and read again as the same, and a type takes it or says why not.
#include "fuzz/input.hpp"
#include "json/syntax.hpp"
#include <rondo/json/json.hpp>
#include <rondo/json/literal.hpp>
#include <rondo/json/partial.hpp>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace json = rondo::json;

namespace {

enum class colour { red, green };

struct leaf {
    json::literal<"leaf"> kind;
    std::variant<int, double, std::string, std::vector<leaf>> v;
};
struct fork {
    json::literal<"fork"> kind;
    std::vector<std::variant<leaf, fork>> of;
};

struct everything {
    int i = 0;
    std::uint8_t u = 0;
    double d = 0;
    float f = 0;
    bool b = false;
    std::string s;
    std::optional<colour> c;
    std::vector<std::variant<leaf, fork>> trees;
    std::map<int, std::set<std::string>> m;
    std::pair<rondo::uuid, rondo::decimal> p;
    std::chrono::sys_time<std::chrono::microseconds> t;
    std::chrono::year_month_day date;
    std::chrono::milliseconds ms;
    std::vector<std::byte> bytes;
    json::value any;
    static void describe(auto& m) {
        m(&everything::s).optional().max_length(3).pattern("^a*$");
        m(&everything::trees).optional();
        m(&everything::m).optional();
        m(&everything::p).optional();
        m(&everything::t).optional();
        m(&everything::date).optional();
        m(&everything::ms).optional();
        m(&everything::bytes).optional();
        m(&everything::any).optional();
    }
};

template <class T>
void read(const std::string& text) {
    try {
        const T made = json::loads<T>(text);
        const std::string written = json::dumps(made);
        fuzz::require(json::dumps(json::loads<T>(written)) == written,
                      "what was read is written and read again as the same");
    } catch (const json::validation_error& e) {
        fuzz::require(!e.errors().empty(), "a text that does not fit says why");
    } catch (const json::encode_error&) {  // as deep as may be, and one deeper once it is written
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const std::string text = in.rest();
    const auto fault = rondo::detail::find_syntax_fault(text, false);
    try {
        const json::value v = json::loads(text);
        fuzz::require(!fault, "what the parser takes has no fault");
        const std::string written = json::dumps(v);
        fuzz::require(json::loads(written) == v, "a value is read back");
        json::schema<everything>();
        read<everything>(text);
        read<json::partial<everything>>(text);
        read<std::vector<everything>>(text);
        read<std::variant<leaf, fork>>(text);
        read<std::variant<int, std::vector<double>, std::map<std::string, leaf>>>(text);
    } catch (const json::decode_error& e) {
        fuzz::require(fault.has_value(), "what the parser refuses has a fault");
        fuzz::require(e.position() <= text.size(), "a fault is inside the text");
    } catch (const json::encode_error&) {
    }
    return 0;
}
