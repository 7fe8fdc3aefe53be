// SPDX-License-Identifier: MIT

// The work of bench/works.toml, with Node's promises.
'use strict';
const { readFileSync } = require('fs');

const leaf = async (i) => i;
const task = async (i) => { await null; return i; };  // begins later, as a spawned one does
const sleepFor = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function spawnAll(n) {
    const all = [];
    for (let i = 0; i < n; ++i) all.push(task(i));
    for (const one of all) await one;
}

async function spawnOne(n) {
    for (let i = 0; i < n; ++i) await task(i);
}

async function awaitOne(n) {
    for (let i = 0; i < n; ++i) await leaf(i);
}

async function yieldBetweenTwo(n) {
    const yields = async () => { for (let i = 0; i < n / 2; ++i) await turn(); };
    await Promise.all([yields(), yields()]);
}

async function sleepers(n) {
    const all = [];
    for (let i = 0; i < n; ++i) all.push(sleepFor(Math.random() * n / 1000));
    for (const one of all) await one;
}

async function timers(n) {
    for (let i = 0; i < n; ++i) clearTimeout(setTimeout(() => {}, 10000));
}

function peakBytes() {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}

/** What one item cost: ns by the clock, ns of CPU, bytes of memory. */
async function measured(body, n) {
    const bytes = peakBytes();
    const cpu = process.cpuUsage();
    const wall = process.hrtime.bigint();
    await body(n);
    const used = process.cpuUsage(cpu);
    return {
        wall: Number(process.hrtime.bigint() - wall) / n,
        cpu: (used.user + used.system) * 1000 / n,
        bytes: (peakBytes() - bytes) / n,
    };
}

const works = {
    spawn_all: spawnAll, spawn_one: spawnOne, await: awaitOne, yield: yieldBetweenTwo,
    sleepers, timer: timers, start: () => sleepFor(0),
};
const [name, n] = process.argv.slice(2);
if (!(name in works)) process.exit(2);
measured(works[name], Number(n)).then((figures) => console.log(JSON.stringify(figures)));
