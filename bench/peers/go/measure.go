// SPDX-License-Identifier: MIT

package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// What one item cost: ns by the clock, ns of CPU, bytes of memory; as bench/peers/measure.hpp.
type figures struct{ wall, cpu, bytes float64 }

func (f figures) print() {
	fmt.Printf("{\"wall\": %.4f, \"cpu\": %.4f, \"bytes\": %.2f}\n", f.wall, f.cpu, f.bytes)
}

func cpuTime() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return r.Utime.Nano() + r.Stime.Nano()
}

func peakBytes() int64 {
	status, _ := os.ReadFile("/proc/self/status")
	var kib int64
	for _, line := range strings.Split(string(status), "\n") {
		fmt.Sscanf(line, "VmHWM: %d", &kib)
	}
	return kib * 1024
}

type stopwatch struct {
	wall       time.Time
	cpu, bytes int64
}

func newStopwatch() stopwatch {
	return stopwatch{bytes: peakBytes(), cpu: cpuTime(), wall: time.Now()}
}

func (s stopwatch) perItem(items int) figures {
	n := float64(items)
	wall := float64(time.Since(s.wall).Nanoseconds()) / n
	cpu := float64(cpuTime()-s.cpu) / n
	return figures{wall, cpu, float64(peakBytes()-s.bytes) / n}
}
