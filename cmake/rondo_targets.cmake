# SPDX-License-Identifier: MIT
# How a component becomes a library: include/rondo/<folder>/*.hpp, those of its
# detail/, and src/<folder>/*.cpp.

include_guard(GLOBAL)

set(RONDO_WARNINGS
    -Wall
    -Wextra
    -Wpedantic
    -Wshadow
    -Woverloaded-virtual
    -Wimplicit-fallthrough
    -Wcast-qual
    -Wformat=2
    -Wundef)

# Flags for code that is built here and never for code that merely uses rondo.
function(rondo_own_flags target)
    target_compile_options(${target} PRIVATE ${RONDO_WARNINGS})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # GCC 12 reports these falsely in coroutine frames and in its own std::string.
        target_compile_options(
            ${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict -Wno-mismatched-new-delete
                              -Wno-dangling-pointer)
    endif()
    if(RONDO_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
endfunction()

# rondo_component(<name> FOLDERS <folder>... LINKS <target>...)
# Makes rondo_<name> (alias rondo::<name>), an INTERFACE library for as long as it has no sources.
function(rondo_component name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FOLDERS;LINKS")
    set(headers "")
    set(sources "")
    foreach(folder IN LISTS arg_FOLDERS)
        file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/rondo/${folder}/*.hpp"
             "${PROJECT_SOURCE_DIR}/include/rondo/${folder}/detail/*.hpp")
        list(APPEND headers ${found})
        file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp")
        list(APPEND sources ${found})
    endforeach()

    set(target rondo_${name})
    if(sources)
        set(scope PUBLIC)
        add_library(${target} ${sources})
        target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src")
        rondo_own_flags(${target})
        if(RONDO_PRECOMPILE)
            rondo_use_precompiled(${target})
        endif()
        set_property(GLOBAL APPEND PROPERTY RONDO_COMPILED ${target})
    else()
        set(scope INTERFACE)
        add_library(${target} INTERFACE)
    endif()
    add_library(rondo::${name} ALIAS ${target})

    target_compile_features(${target} ${scope} cxx_std_20)
    target_link_libraries(${target} ${scope} ${arg_LINKS})
    target_sources(
        ${target} ${scope}
        FILE_SET HEADERS
        BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
        FILES ${headers})
    set_target_properties(
        ${target} PROPERTIES EXPORT_NAME ${name} VERSION ${PROJECT_VERSION}
                             SOVERSION ${PROJECT_VERSION_MAJOR})
    set_property(GLOBAL APPEND PROPERTY RONDO_TARGETS ${target})
endfunction()

# rondo_umbrella(<component>...)
# Makes rondo::rondo, which brings <rondo/rondo.hpp> and the components.
function(rondo_umbrella)
    file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/rondo/*.hpp")
    add_library(rondo INTERFACE)
    add_library(rondo::rondo ALIAS rondo)
    list(TRANSFORM ARGN PREPEND rondo_ OUTPUT_VARIABLE components)
    target_link_libraries(rondo INTERFACE ${components})
    target_sources(
        rondo INTERFACE
        FILE_SET HEADERS
        BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
        FILES ${headers})
    set_property(GLOBAL APPEND PROPERTY RONDO_TARGETS rondo)
endfunction()
