# SPDX-License-Identifier: MIT
# rondo::json, and the libraries inside it. They are linked by name, so that the installed package
# asks for them only where rondo_json is a static library; no header of theirs is installed.

find_path(RONDO_SIMDJSON_INCLUDE simdjson.h)
find_library(RONDO_SIMDJSON simdjson)
find_path(RONDO_RE2_INCLUDE re2/re2.h)
find_library(RONDO_RE2 re2)
foreach(found RONDO_SIMDJSON_INCLUDE RONDO_SIMDJSON RONDO_RE2_INCLUDE RONDO_RE2)
    mark_as_advanced(${found})
    if(NOT ${found})
        message(FATAL_ERROR "rondo::json needs simdjson and RE2: install libsimdjson-dev and "
                            "libre2-dev, or leave it out with -DRONDO_JSON=OFF")
    endif()
endforeach()

rondo_component(json FOLDERS json LINKS rondo_core)
target_link_libraries(rondo_json PRIVATE simdjson re2)
# GCC 12 at -O2 warns falsely of std::string where it knows that from a precompiled header.
set_source_files_properties("${PROJECT_SOURCE_DIR}/src/json/reader_scalar.cpp"
                            PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
