#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# pkg_config.sh <compiler> <directory of rondo.pc> <directory for the program>
set -euo pipefail
export PKG_CONFIG_PATH=$2
read -ra flags < <(pkg-config --cflags --libs rondo)
libdir=$(pkg-config --variable=libdir rondo)
program=$3/pkg_config_consumer
"$1" -std=c++20 "$(dirname "$0")/main.cpp" "${flags[@]}" "-Wl,-rpath,$libdir" -o "$program"
"$program"
