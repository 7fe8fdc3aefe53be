# SPDX-License-Identifier: MIT
# The many small programs of the tree share one precompiled <rondo/rondo.hpp>: half of their time.

include_guard(GLOBAL)

function(rondo_use_precompiled target)
    if(NOT TARGET rondo_precompiled)
        file(WRITE "${PROJECT_BINARY_DIR}/precompiled.cpp" "")
        add_library(rondo_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
        target_link_libraries(rondo_precompiled PRIVATE rondo::rondo)
        target_precompile_headers(rondo_precompiled PRIVATE <rondo/rondo.hpp>)
        rondo_own_flags(rondo_precompiled)
    endif()
    target_precompile_headers(${target} REUSE_FROM rondo_precompiled)
endfunction()
