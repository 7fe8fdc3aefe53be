#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pkg_config.sh <compiler> <directory of rondo.pc> <directory for the programs>
set -euo pipefail
export PKG_CONFIG_PATH=$2
compiler=$1
programs=$3
libdir=$(pkg-config --variable=libdir rondo)

# build_and_run <package> <source>
build_and_run() {
    local flags program=$programs/pkg_config_${2%.cpp}
    read -ra flags < <(pkg-config --cflags --libs "$1")
    "$compiler" -std=c++20 "$(dirname "$0")/$2" "${flags[@]}" "-Wl,-rpath,$libdir" -o "$program"
    "$program"
}

build_and_run rondo main.cpp
build_and_run rondo-testing test.cpp
