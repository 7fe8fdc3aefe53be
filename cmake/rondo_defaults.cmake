# SPDX-License-Identifier: MIT
# What only a build of rondo itself decides; a project that adds rondo decides for itself.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(RONDO_CCACHE ccache)
    if(RONDO_CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${RONDO_CCACHE}")
    endif()
endif()

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Some 270 programs are linked.
if(NOT CMAKE_CROSSCOMPILING)
    find_program(RONDO_MOLD mold)
    if(RONDO_MOLD)
        add_link_options(-fuse-ld=mold)
    endif()
endif()
