# SPDX-License-Identifier: MIT
# cmake -DPROGRAM=<command> -DSOURCE=<x.cpp> -P play.cmake: the program must end well, and print
# x.out to stdout and x.err to stderr, where these exist.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${PROGRAM} RESULT_VARIABLE result OUTPUT_VARIABLE out
                ERROR_VARIABLE err)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "it ended with ${result}\n${out}${err}")
endif()
foreach(stream out err)
    string(REGEX REPLACE "cpp$" "${stream}" expected "${SOURCE}")
    if(EXISTS "${expected}")
        file(READ "${expected}" wanted)
        if(NOT "${${stream}}" STREQUAL "${wanted}")
            message(FATAL_ERROR "expected:\n${wanted}\nbut it printed:\n${${stream}}")
        endif()
    endif()
endforeach()
