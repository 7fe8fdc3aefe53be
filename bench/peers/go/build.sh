#!/bin/sh
# SPDX-License-Identifier: MIT
# build.sh <folder>: makes the programs `work` and `hello` there.
set -e
go build -o "$1/work" work.go measure.go
go build -o "$1/hello" hello.go
