// SPDX-License-Identifier: MIT
#include <rondo/core/detail/frame_header.hpp>
#include <rondo/core/detail/shifted_frame.hpp>

#if RONDO_FRAMES_MAY_BE_SHIFTED

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <source_location>
#include <unordered_map>
#include <utility>

namespace rondo::detail {
namespace {

using frame_function = void (*)(void*);

struct frame_functions {
    frame_function resume;
    frame_function destroy;
};

/// A coroutine function whose frames are shifted. It begins like what its source_location refers
/// to, and takes that one's place in the frames: from there it is found.
struct shifted_function {
    struct {
        const char* file;
        const char* function;
        unsigned line;
        unsigned column;
    } location;
    frame_functions own;
    std::size_t shift;
};

// What is called instead of the coroutine's own functions, which expect the beginning of the block.
// `Words` is how far the header is from the beginning of the frame.
template <std::size_t Words>
const shifted_function& function_of(void* frame) noexcept {
    void* const at = static_cast<void**>(frame) + Words;
    return *__builtin_bit_cast(const shifted_function*, static_cast<frame_header*>(at)->defined());
}
template <std::size_t Words>
void resume_shifted(void* frame) {
    const shifted_function& function = function_of<Words>(frame);
    function.own.resume(static_cast<std::byte*>(frame) - function.shift);
}
template <std::size_t Words>
void destroy_shifted(void* frame) {
    const shifted_function& function = function_of<Words>(frame);
    function.own.destroy(static_cast<std::byte*>(frame) - function.shift);
}

template <std::size_t... Words>
frame_functions stand_ins(std::size_t words, std::index_sequence<Words...>) noexcept {
    constexpr frame_functions all[] = {{&resume_shifted<Words>, &destroy_shifted<Words>}...};
    if (words >= sizeof...(Words)) {
        refuse_frame();
    }
    return all[words];
}

/// The one for all coroutines that have these functions; made with the first, never destroyed.
const shifted_function* known_function(frame_functions own, std::size_t shift,
                                       const std::source_location& defined) {
    static std::mutex& mutex = *new std::mutex;
    static auto& known = *new std::unordered_map<frame_function, shifted_function>;
    const std::lock_guard lock(mutex);
    const auto [at, is_new] = known.try_emplace(own.resume);
    if (is_new) {
        at->second.location = {defined.file_name(), defined.function_name(), defined.line(),
                               defined.column()};
        at->second.own = own;
        at->second.shift = shift;
    }
    return &at->second;
}

}  // namespace

void refuse_frame() noexcept {
    std::fputs(
        "rondo: GCC before 12.3 has made a coroutine that cannot run: its outermost block declares "
        "no variable, and a co_await or co_yield stands in the condition of an if, while, for, do "
        "or switch. Put the value into a variable first.\n",
        stderr);
    std::abort();
}

void mend_frame(void* block, std::size_t shift, frame_header& header, void* self) {
    // What is written here must not be known to the optimiser, hence the copies.
    std::byte* const frame = static_cast<std::byte*>(block) + shift;
    void* handle = nullptr;
    std::memcpy(&handle, self, sizeof handle);
    if (handle != block) {
        refuse_frame();
    }
    frame_functions functions{};
    std::memcpy(&functions, frame, sizeof functions);
    header.replace_defined(__builtin_bit_cast(std::source_location,
                                              known_function(functions, shift, header.defined())));
    const auto distance = reinterpret_cast<std::byte*>(&header) - frame;
    functions = stand_ins(static_cast<std::size_t>(distance) / sizeof(void*),
                          std::make_index_sequence<8>());
    std::memcpy(frame, &functions, sizeof functions);
    handle = frame;
    std::memcpy(self, &handle, sizeof handle);
}

}  // namespace rondo::detail

#endif
