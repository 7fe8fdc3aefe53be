// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with Tokio's current-thread runtime.
mod measure;

use measure::{Figures, Random, Stopwatch};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{channel, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{sleep, timeout, Sleep};

const LONG: Duration = Duration::from_secs(10);

/// The compiler does not know what it gives.
async fn leaf(mut i: u64) -> u64 {
    unsafe { std::arch::asm!("/* {0} */", inout(reg) i, options(nomem, nostack)) };
    i
}

async fn spawn_all(n: u64) {
    let mut all = Vec::with_capacity(n as usize);
    for i in 0..n {
        all.push(tokio::spawn(leaf(i)));
    }
    for task in all {
        task.await.unwrap();
    }
}

async fn spawn_one(n: u64) {
    for i in 0..n {
        tokio::spawn(leaf(i)).await.unwrap();
    }
}

/// The compiler knows the whole future, and leaves nothing of it.
async fn await_one(n: u64) {
    for i in 0..n {
        leaf(i).await;
    }
}

async fn yields(n: u64) {
    for _ in 0..n {
        yield_now().await;
    }
}

async fn yield_between_two(n: u64) {
    let a = tokio::spawn(yields(n / 2));
    let b = tokio::spawn(yields(n / 2));
    a.await.unwrap();
    b.await.unwrap();
}

async fn sleepers(n: u64) {
    let mut random = Random::new();
    let mut all = Vec::with_capacity(n as usize);
    for _ in 0..n {
        let delay = Duration::from_nanos(random.below(n * 1000));
        all.push(tokio::spawn(async move { sleep(delay).await }));
    }
    for task in all {
        task.await.unwrap();
    }
}

/// A sleep is armed when it is polled, and cancelled when it is dropped.
struct Arm<'a>(Pin<&'a mut Sleep>);

impl Future for Arm<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let _ = self.0.as_mut().poll(context);
        Poll::Ready(())
    }
}

async fn timers(n: u64) {
    for _ in 0..n {
        let timer = sleep(LONG);
        tokio::pin!(timer);
        Arm(timer).await;
    }
}

async fn timeouts(n: u64) {
    for i in 0..n {
        timeout(LONG, leaf(i)).await.unwrap();
    }
}

async fn produce(to: Sender<u64>, n: u64) {
    for i in 0..n {
        to.send(i).await.unwrap();
    }
}

async fn consume(mut from: Receiver<u64>, n: u64) {
    for _ in 0..n {
        from.recv().await.unwrap();
    }
}

async fn bounded_queue(n: u64) {
    let (to, from) = channel(100);
    let producer = tokio::spawn(produce(to, n));
    let consumer = tokio::spawn(consume(from, n));
    producer.await.unwrap();
    consumer.await.unwrap();
}

async fn serve(to: Sender<u64>, mut from: Receiver<u64>, n: u64) {
    for i in 0..n {
        to.send(i).await.unwrap();
        from.recv().await.unwrap();
    }
}

async fn give_back(mut from: Receiver<u64>, to: Sender<u64>, n: u64) {
    for _ in 0..n {
        let ball = from.recv().await.unwrap();
        to.send(ball).await.unwrap();
    }
}

async fn ping_pong(n: u64) {
    let (there, at_there) = channel(1);
    let (back, at_back) = channel(1);
    let a = tokio::spawn(serve(there, at_back, n));
    let b = tokio::spawn(give_back(at_there, back, n));
    a.await.unwrap();
    b.await.unwrap();
}

async fn in_threads(n: u64) {
    for _ in 0..n {
        spawn_blocking(|| {}).await.unwrap();
    }
}

fn once<F>(runtime: &Runtime, n: u64, body: F) -> Figures
where
    F: Future<Output = ()> + Send + 'static,
{
    let watch = Stopwatch::start();
    runtime.block_on(async { tokio::spawn(body).await.unwrap() });
    watch.per_item(n)
}

fn again<F>(runtime: &Runtime, n: u64, body: fn(u64) -> F) -> Figures
where
    F: Future<Output = ()> + Send + 'static,
{
    once(runtime, n, body(n));
    let rounds = std::cmp::max(1, 1_000_000 / n);
    let watch = Stopwatch::start();
    for _ in 0..rounds {
        once(runtime, n, body(n));
    }
    watch.per_item(n * rounds)
}

fn timers_among(runtime: &Runtime, others: u64) -> Figures {
    const TIMES: u64 = 300_000;
    runtime.block_on(async {
        let mut random = Random::new();
        let mut pending = Vec::new();
        for _ in 0..others {
            let delay = Duration::from_secs(20) + Duration::from_nanos(random.below(20_000_000_000));
            let mut timer = Box::pin(sleep(delay));
            Arm(timer.as_mut()).await;
            pending.push(timer);
        }
        let watch = Stopwatch::start();
        timers(TIMES).await;
        watch.per_item(TIMES)
    })
}

fn wake(runtime: &Runtime, n: u64) -> Figures {
    let handle = runtime.handle().clone();
    let (done, ended) = oneshot::channel();
    let thread = std::thread::spawn(move || {
        let (answer, answered) = std::sync::mpsc::channel();
        let watch = Stopwatch::start();
        let mut took: Vec<u64> = (0..n)
            .map(|_| {
                let began = Instant::now();
                let answer = answer.clone();
                handle.spawn(async move { answer.send(()).unwrap() });
                answered.recv().unwrap();
                began.elapsed().as_nanos() as u64
            })
            .collect();
        let all = watch.per_item(n);
        took.sort();
        let _ = done.send(());
        Figures { wall: took[took.len() / 2] as f64, ..all }
    });
    runtime.block_on(async { ended.await.unwrap() });
    thread.join().unwrap()
}

fn post(runtime: &Runtime, n: u64) -> Figures {
    let handle = runtime.handle().clone();
    let (done, ended) = oneshot::channel();
    let watch = Stopwatch::start();
    let thread = std::thread::spawn(move || {
        for _ in 0..n {
            handle.spawn(async {});
        }
        handle.spawn(async move { done.send(()).unwrap() });
    });
    runtime.block_on(async { ended.await.unwrap() });
    thread.join().unwrap();
    watch.per_item(n)
}

fn start(runtime: &Runtime) -> Figures {
    let watch = Stopwatch::start();
    runtime.block_on(sleep(Duration::from_secs(0)));
    watch.per_item(1)
}

fn run_named(name: &str, n: u64) -> Option<Figures> {
    let runtime = &Builder::new_current_thread().enable_all().build().unwrap();
    let figures = match name {
        "spawn_all" => once(runtime, n, spawn_all(n)),
        "spawn_all_warm" => again(runtime, n, spawn_all),
        "spawn_one" => once(runtime, n, spawn_one(n)),
        "await" => {
            let watch = Stopwatch::start();
            runtime.block_on(await_one(n));
            watch.per_item(n)
        }
        "yield" => once(runtime, n, yield_between_two(n)),
        "sleepers" => once(runtime, n, sleepers(n)),
        "sleepers_warm" => again(runtime, n, sleepers),
        "timer" => once(runtime, n, timers(n)),
        "timer_among" => timers_among(runtime, n),
        "timeout" => once(runtime, n, timeouts(n)),
        "queue" => once(runtime, n, bounded_queue(n)),
        "ping_pong" => once(runtime, n, ping_pong(n)),
        "wake" => wake(runtime, n),
        "post" => post(runtime, n),
        "to_thread" => once(runtime, n, in_threads(n)),
        "start" => start(runtime),
        _ => return None,
    };
    Some(figures)
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let n = arguments[2].parse().unwrap();
    match run_named(&arguments[1], n) {
        Some(figures) => figures.print(),
        None => std::process::exit(2),
    }
}
