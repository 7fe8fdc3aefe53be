# SPDX-License-Identifier: MIT
# rondo::http, and the libraries inside it. Beast's parser is headers only; zlib and libcrypto are
# linked by name, as in rondo_json.cmake. Where one is missing http is left out.

if(NOT RONDO_JSON)
    message(STATUS "rondo::http is left out: it needs rondo::json")
    set(RONDO_HTTP OFF)
    return()
endif()

find_path(RONDO_BEAST_INCLUDE boost/beast/http/basic_parser.hpp)
find_path(RONDO_ZLIB_INCLUDE zlib.h)
find_library(RONDO_ZLIB z)
find_path(RONDO_CRYPTO_INCLUDE openssl/hmac.h)
find_library(RONDO_CRYPTO crypto)
foreach(found RONDO_BEAST_INCLUDE=libboost1.81-dev RONDO_ZLIB_INCLUDE=zlib1g-dev
              RONDO_ZLIB=zlib1g-dev RONDO_CRYPTO_INCLUDE=libssl-dev RONDO_CRYPTO=libssl-dev)
    string(REGEX MATCH "^[^=]+" variable "${found}")
    string(REGEX MATCH "[^=]+$" package "${found}")
    mark_as_advanced(${variable})
    if(NOT ${variable})
        message(STATUS "rondo::http is left out: install ${package}")
        set(RONDO_HTTP OFF)
        return()
    endif()
endforeach()

rondo_component(http FOLDERS http LINKS rondo_net rondo_json)
target_link_libraries(rondo_http PRIVATE z crypto)

# .incbin puts the page of /docs into this file.
set(page "${PROJECT_SOURCE_DIR}/src/http/docs_page.html")
set_source_files_properties(
    "${PROJECT_SOURCE_DIR}/src/http/docs_page.cpp"
    PROPERTIES COMPILE_DEFINITIONS "RONDO_DOCS_PAGE=\"${page}\"" OBJECT_DEPENDS "${page}")
