// SPDX-License-Identifier: MIT
#include "expectation.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <map>
#include <regex>
#include <stdexcept>

#include <sys/wait.h>

namespace tour {
namespace {

bool starts_with_digit(std::string_view text) {
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front()));
}

bool in_time(seconds actual, seconds expected, seconds tolerance) {
    if (tolerance == seconds::zero()) {
        return std::chrono::abs(actual - expected) < std::chrono::nanoseconds(1);
    }
    return expected <= actual && actual < expected + tolerance;
}

std::string escaped(std::string_view text) {
    static const std::string special = R"(\^$.|?*+()[]{})";
    std::string result;
    for (char c : text) {
        if (special.find(c) != std::string::npos) {
            result += '\\';
        }
        result += c;
    }
    return result;
}

// A line of an expectation, ready to be compared with lines that were printed.
class pattern {
public:
    explicit pattern(std::string_view line) {
        std::string text;
        while (true) {
            const auto open = line.find('{');
            const auto close = line.find('}', open);
            text += escaped(line.substr(0, open));
            if (close == std::string_view::npos) {
                break;
            }
            holes_.emplace_back(line.substr(open + 1, close - open - 1));
            text += hole_regex(holes_.back());
            line.remove_prefix(close + 1);
        }
        regex_ = std::regex(text);
    }

    // `words` holds what the names stand for so far, and takes up what this line adds.
    bool matches(const std::string& line, std::map<std::string, std::string>& words,
                 seconds tolerance) const {
        std::smatch found;
        if (!std::regex_match(line, found, regex_)) {
            return false;
        }
        for (std::size_t i = 0; i < holes_.size(); ++i) {
            if (!fits(holes_[i], found[i + 1], words, tolerance)) {
                return false;
            }
        }
        return true;
    }

private:
    static std::string hole_regex(const std::string& hole) {
        if (hole == "*") {
            return "(.*)";
        }
        return starts_with_digit(hole) ? "([0-9.]+)" : "(\\S+)";
    }

    static bool fits(const std::string& hole, const std::string& word,
                     std::map<std::string, std::string>& words, seconds tolerance) {
        if (hole == "*") {
            return true;
        }
        if (starts_with_digit(hole)) {
            return in_time(seconds(std::stod(word)), seconds(std::stod(hole)), tolerance);
        }
        if (auto known = words.find(hole); known != words.end()) {
            return known->second == word;
        }
        const bool taken = std::any_of(words.begin(), words.end(),
                                       [&](const auto& other) { return other.second == word; });
        words[hole] = word;
        return !taken;
    }

    std::regex regex_;
    std::vector<std::string> holes_;
};

void set_key(expectation& e, const std::string& key, const std::string& value) {
    if (key == "row") {
        e.row = value;
    } else if (key == "shows") {
        e.shows = value;
    } else if (key == "took") {
        e.took = seconds(std::stod(value));
    } else if (key == "clock") {
        e.clock = value;
    } else if (key == "order" && value == "any") {
        e.any_order = true;
    } else if (key == "argument") {
        e.arguments.push_back(value);
    } else if (key == "environment") {
        e.environment.push_back(value);
    } else if (key == "terminal") {
        e.terminals.push_back(value);
    } else {
        throw std::invalid_argument("an expectation has no key '" + key + "'");
    }
}

std::string how_it_ended(int status) {
    return WIFSIGNALED(status) ? "killed by signal " + std::to_string(WTERMSIG(status))
                               : "exit status " + std::to_string(WEXITSTATUS(status));
}

std::string as_text(seconds s) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g s", s.count());
    return text;
}

}  // namespace

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

expectation parse_expectation(std::string_view text) {
    expectation result;
    for (const std::string& line : split_lines(text)) {
        const auto colon = line.find(": ");
        if (line.starts_with("# ") && colon != std::string::npos) {
            set_key(result, line.substr(2, colon - 2), line.substr(colon + 2));
        } else if (line.starts_with("err: ")) {
            result.lines.push_back({line.substr(5), true});
        } else {
            result.lines.push_back({line, false});
        }
    }
    return result;
}

verdict compare(const expectation& expected, const performance& played, seconds tolerance) {
    verdict result;
    auto out = split_lines(played.out);
    auto err = split_lines(played.err);
    const bool any_order = expected.any_order && tolerance > seconds::zero();
    std::map<std::string, std::string> words;

    for (const expected_line& line : expected.lines) {
        auto& printed = line.on_stderr ? err : out;
        const pattern wanted(line.text);
        const auto last = any_order ? printed.end() : printed.begin() + !printed.empty();
        const auto found = std::find_if(printed.begin(), last, [&](const std::string& candidate) {
            return wanted.matches(candidate, words, tolerance);
        });
        if (found == last) {
            result.differences.push_back("expected: " + line.text);
            if (!printed.empty()) {
                result.differences.push_back("printed:  " + printed.front());
            }
            break;
        }
        result.shown.push_back(*found);
        printed.erase(found);
    }

    for (const auto* rest : {&out, &err}) {
        result.shown.insert(result.shown.end(), rest->begin(), rest->end());
        if (result.differences.empty() && !rest->empty()) {
            result.differences.push_back("not expected: " + rest->front());
        }
    }
    for (std::size_t i = 0; i < expected.terminals.size(); ++i) {
        const std::string answer = i < played.answers.size() ? played.answers[i] : "nothing";
        result.shown.push_back("terminal " + std::to_string(i + 1) + ": " + answer);
        if (answer != expected.terminals[i]) {
            result.differences.push_back("terminal " + std::to_string(i + 1) + " typed '" +
                                         expected.terminals[i] + "' and got '" + answer + "'");
        }
    }
    if (played.status != 0) {
        result.differences.push_back(how_it_ended(played.status));
    }
    if (!in_time(played.took, expected.took, tolerance)) {
        result.differences.push_back("took " + as_text(played.took) + " instead of " +
                                     as_text(expected.took));
    }
    return result;
}

}  // namespace tour
