// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with goroutines and channels.
package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

const long = 10 * time.Second

//go:noinline
func leaf(i int) int { return i }

func spawnAll(n int) {
	var all sync.WaitGroup
	all.Add(n)
	for i := 0; i < n; i++ {
		go func(i int) {
			leaf(i)
			all.Done()
		}(i)
	}
	all.Wait()
}

func spawnOne(n int) {
	result := make(chan int)
	for i := 0; i < n; i++ {
		go func(i int) { result <- leaf(i) }(i)
		<-result
	}
}

// both runs two functions beside each other to their ends.
func both(a, b func()) {
	var two sync.WaitGroup
	two.Add(2)
	go func() { a(); two.Done() }()
	go func() { b(); two.Done() }()
	two.Wait()
}

func yieldBetweenTwo(n int) {
	yields := func() {
		for i := 0; i < n/2; i++ {
			runtime.Gosched()
		}
	}
	both(yields, yields)
}

func sleepers(n int) {
	var all sync.WaitGroup
	all.Add(n)
	for i := 0; i < n; i++ {
		delay := time.Duration(rand.Int63n(int64(n) * 1000))
		go func() {
			time.Sleep(delay)
			all.Done()
		}()
	}
	all.Wait()
}

func timers(n int) {
	for i := 0; i < n; i++ {
		time.AfterFunc(long, func() {}).Stop()
	}
}

func timersAmong(others int) figures {
	const times = 300_000
	for i := 0; i < others; i++ {
		time.AfterFunc(2*long+time.Duration(rand.Int63n(int64(2*long))), func() {})
	}
	return once(timers, times)
}

func timeouts(n int) {
	for i := 0; i < n; i++ {
		_, cancel := context.WithTimeout(context.Background(), long)
		leaf(i)
		cancel()
	}
}

func boundedQueue(n int) {
	items := make(chan int, 100)
	both(func() {
		for i := 0; i < n; i++ {
			items <- i
		}
	}, func() {
		for i := 0; i < n; i++ {
			<-items
		}
	})
}

func pingPong(n int) {
	there, back := make(chan int, 1), make(chan int, 1)
	both(func() {
		for i := 0; i < n; i++ {
			there <- i
			<-back
		}
	}, func() {
		for i := 0; i < n; i++ {
			back <- <-there
		}
	})
}

func once(body func(int), n int) figures {
	watch := newStopwatch()
	body(n)
	return watch.perItem(n)
}

func again(body func(int), n int) figures {
	body(n)
	rounds := 1
	if n < 1_000_000 {
		rounds = 1_000_000 / n
	}
	watch := newStopwatch()
	for i := 0; i < rounds; i++ {
		body(n)
	}
	return watch.perItem(n * rounds)
}

func main() {
	n, _ := strconv.Atoi(os.Args[2])
	bodies := map[string]func(int){
		"spawn_all": spawnAll, "spawn_one": spawnOne, "yield": yieldBetweenTwo,
		"sleepers": sleepers, "timer": timers, "timeout": timeouts,
		"queue": boundedQueue, "ping_pong": pingPong,
		"start": func(int) { time.Sleep(0) },
	}
	switch name := os.Args[1]; name {
	case "spawn_all_warm":
		again(spawnAll, n).print()
	case "sleepers_warm":
		again(sleepers, n).print()
	case "timer_among":
		timersAmong(n).print()
	default:
		body, known := bodies[name]
		if !known {
			fmt.Fprintln(os.Stderr, "no work is called", name)
			os.Exit(2)
		}
		once(body, n).print()
	}
}
