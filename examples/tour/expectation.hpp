// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tour {

using seconds = std::chrono::duration<double>;

struct expected_line {
    std::string text;
    bool on_stderr = false;
};

/// What a program must do, as written in its .expected file: lines `# key: value`, then the lines
/// that it prints. `err: ` begins a line for stderr. In a line
///   {*}     stands for anything,
///   {3.00}  for that many seconds, or up to the tolerance more,
///   {name}  for a word: the same name for the same word, another name for another word.
struct expectation {
    std::string row;
    std::string shows;
    std::string clock;
    seconds took{};
    bool any_order = false;  // on the real clock, where tasks race each other
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
    std::vector<std::string> terminals;  // what each of several clients types into a server
    std::vector<expected_line> lines;
};

/// Throws std::invalid_argument for a key that it does not know.
expectation parse_expectation(std::string_view text);

struct performance {
    std::string out;
    std::string err;
    std::vector<std::string> answers;  // what the terminals got back
    int status = 0;                    // as waitpid gives it
    seconds took{};
};

struct verdict {
    std::vector<std::string> shown;        // what was printed, stderr where it is expected
    std::vector<std::string> differences;  // empty when all matched
};

/// On the virtual clock the times must be exactly those expected: the tolerance is 0.
verdict compare(const expectation& expected, const performance& played, seconds tolerance);

std::vector<std::string> split_lines(std::string_view text);

}  // namespace tour
