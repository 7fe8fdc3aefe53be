// SPDX-License-Identifier: MIT
// /docs of examples/api/hello_api.cpp in a browser: it shows the operations, creates a burger and
// reads it again. Ends with 77 where playwright-core or Chromium is missing.
//
// usage: node docs_page.mjs <the built hello_api> <folder for screenshots>

import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import assert from "node:assert/strict";

const [program, folder] = process.argv.slice(2);
const browserPath = process.env.CHROMIUM || "/usr/bin/chromium";

function loadPlaywright() {
  try {
    return createRequire(import.meta.url)("playwright-core");
  } catch {
    console.log("skipped: there is no playwright-core (npm, and the variable NODE_PATH)");
    process.exit(77);
  }
}

function start() {
  const server = spawn(program, ["0"], { stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: server.stderr });
  return new Promise(found => lines.on("line", line => {
    const url = line.match(/http:\/\/127\.0\.0\.1:\d+/);
    if (url) found({ server, url: url[0] });
  }));
}

async function tryOut(page, operation, fill) {
  const view = page.locator(`#${operation}`);
  await view.locator("summary").click();
  await fill(view);
  await view.getByRole("button", { name: "Try it out" }).click();
  return {
    status: await view.locator("pre.status").textContent(),
    body: JSON.parse(await view.locator("pre.body").textContent()),
  };
}

async function createAndRead(page) {
  const created = await tryOut(page, "post_burgers", view =>
      view.getByLabel("body").fill('{"name": "Big", "price": 5.5, "tags": ["hot"]}'));
  assert.match(created.status, /^201/);
  assert.deepEqual(created.body, { name: "Big", price: 5.5, tags: ["hot"] });

  const read = await tryOut(page, "get_burgers_burger_id", view =>
      view.getByLabel("burger_id").fill("1"));
  assert.match(read.status, /^200/);
  assert.deepEqual(read.body, created.body);
}

async function refuse(page) {
  const view = page.locator("#get_burgers_burger_id");
  await view.getByLabel("burger_id").fill("x");
  await view.getByRole("button", { name: "Try it out" }).click();
  await page.waitForFunction(() => document.querySelector("pre.status.failed"));
  assert.match(await view.locator("pre.status").textContent(), /^422/);
}

async function look(browser, url, colorScheme, viewport) {
  const page = await browser.newPage({ colorScheme, viewport });
  const faults = [];
  page.on("pageerror", error => faults.push(String(error)));
  page.on("console", message => message.type() === "error" && !/422/.test(message.text()) &&
      faults.push(message.text()));
  await page.goto(`${url}/docs`);
  await page.locator("details.operation").first().waitFor();
  assert.equal(await page.title(), "Burger API");
  assert.equal(await page.locator("details.operation .method").count(), 4);
  const name = `${folder}/docs_${colorScheme}_${viewport.width}`;
  await page.screenshot({ path: `${name}.png`, fullPage: true });
  await createAndRead(page);
  await refuse(page);
  await page.screenshot({ path: `${name}_open.png`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.ok(!wide, "the page must not scroll sideways");
  assert.deepEqual(faults, []);
  await page.close();
}

const { chromium } = loadPlaywright();
if (!existsSync(browserPath)) {
  console.log(`skipped: there is no ${browserPath} (Debian's chromium; or name one in CHROMIUM)`);
  process.exit(77);
}
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  for (const [scheme, width] of [["light", 1100], ["dark", 1100], ["light", 390]]) {
    const { server, url } = await start();
    try {
      await look(browser, url, scheme, { width, height: 800 });
    } finally {
      server.kill();
    }
  }
  console.log(`screenshots are in ${folder}`);
} finally {
  await browser.close();
}
