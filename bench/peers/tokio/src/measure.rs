// SPDX-License-Identifier: MIT

// Clocks, memory, and the one line that a program prints; as bench/peers/measure.hpp.

/// What one item cost: ns by the clock, ns of CPU, bytes of memory.
pub struct Figures {
    pub wall: f64,
    pub cpu: f64,
    pub bytes: f64,
}

impl Figures {
    pub fn print(&self) {
        let Figures { wall, cpu, bytes } = self;
        println!("{{\"wall\": {wall:.4}, \"cpu\": {cpu:.4}, \"bytes\": {bytes:.2}}}");
    }
}

fn read_clock(clock: libc::clockid_t) -> i64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(clock, &mut t) };
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

fn peak_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<i64>().unwrap() * 1024
}

pub struct Stopwatch {
    wall: i64,
    cpu: i64,
    bytes: i64,
}

impl Stopwatch {
    pub fn start() -> Stopwatch {
        let bytes = peak_bytes();
        let cpu = read_clock(libc::CLOCK_PROCESS_CPUTIME_ID);
        Stopwatch { wall: read_clock(libc::CLOCK_MONOTONIC), cpu, bytes }
    }

    pub fn per_item(&self, items: u64) -> Figures {
        let now = Stopwatch::start();
        let n = items as f64;
        Figures {
            wall: (now.wall - self.wall) as f64 / n,
            cpu: (now.cpu - self.cpu) as f64 / n,
            bytes: (now.bytes - self.bytes) as f64 / n,
        }
    }
}

/// The same sequence for everybody, so that all sleep equally long.
pub struct Random(u64);

impl Random {
    pub fn new() -> Random {
        Random(88172645463325252)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
