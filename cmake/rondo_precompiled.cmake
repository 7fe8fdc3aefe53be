# SPDX-License-Identifier: MIT
# The many small programs of the tree share one precompiled <rondo/rondo.hpp>: half of their time.
# So do the library's own sources where RONDO_PRECOMPILE asks for it; what one of them forgets to
# include shows only without.

include_guard(GLOBAL)

function(rondo_use_precompiled target)
    if(NOT TARGET rondo_precompiled)
        file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
        add_library(rondo_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
        target_include_directories(rondo_precompiled PRIVATE "${PROJECT_SOURCE_DIR}/include")
        target_compile_features(rondo_precompiled PRIVATE cxx_std_20)
        target_precompile_headers(rondo_precompiled PRIVATE <rondo/rondo.hpp>)
        rondo_own_flags(rondo_precompiled)
    endif()
    target_precompile_headers(${target} REUSE_FROM rondo_precompiled)
endfunction()
