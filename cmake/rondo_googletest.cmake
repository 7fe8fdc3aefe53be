# SPDX-License-Identifier: MIT
# GTest::gtest and its like for the folder that includes this: those of the installed library, or,
# for another machine, of Debian's sources.

if(NOT CMAKE_CROSSCOMPILING)
    find_package(GTest REQUIRED)
elseif(NOT TARGET gtest)
    set(INSTALL_GTEST OFF)
    add_subdirectory(/usr/src/googletest "${PROJECT_BINARY_DIR}/googletest" EXCLUDE_FROM_ALL SYSTEM)
endif()
include(GoogleTest)
