// Opens every page in Chromium with `?auto`, reads what it reports, and takes its picture: `node browser.mjs PROGRAM FOLDER`.
// It speaks the browser's own protocol through a pipe, so it needs no driver and no port.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";

const [program, folder, ...only] = process.argv.slice(2);
const site = spawn(program, ["--port", "0", "--report"], { stdio: ["ignore", "pipe", "inherit"] });
const waiting = new Map();
let tell; const address = new Promise(resolve => (tell = resolve));
createInterface({ input: site.stdout }).on("line", line => {
  if (line.startsWith("http://")) return tell(line);
  const [, name, report] = line.match(/^report (\S+) (.*)$/);
  waiting.get(name)?.(JSON.parse(report));
});

const profile = mkdtempSync(`${tmpdir()}/guide-chromium-`);
const chromium = spawn("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe",
  `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
let serial = 0, text = "";
const answers = new Map(), errors = [];
chromium.stdio[4].setEncoding("utf8").on("data", chunk => {
  const parts = (text + chunk).split("\0");
  text = parts.pop();
  for (const part of parts) {
    const { id, result, error, method, params } = JSON.parse(part);
    if (id) answers.get(id)(error ? Promise.reject(new Error(error.message)) : result);
    if (method === "Runtime.exceptionThrown") errors.push(params.exceptionDetails.exception?.description ?? "exception");
    if (method === "Runtime.consoleAPICalled" && params.type === "error") errors.push(JSON.stringify(params.args));
    // A cut connection is logged as a network error: that is what some buttons are for.
    if (method === "Log.entryAdded" && params.entry.level === "error" && params.entry.source !== "network")
      errors.push(params.entry.text);
  }
});
const call = (method, params = {}, sessionId) => new Promise(resolve => {
  answers.set(++serial, resolve);
  chromium.stdio[3].write(JSON.stringify({ id: serial, method, params, sessionId }) + "\0");
});
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

let failed = 0;
async function visit(name) {
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const tab = (method, params) => call(method, params, sessionId);
  await Promise.all(["Page.enable", "Runtime.enable", "Log.enable"].map(domain => tab(domain)));
  const look = (width, height, scheme) => Promise.all([
    tab("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 500 }),
    tab("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] })]);
  await look(1200, 800, "light");
  errors.length = 0;
  const reported = new Promise(resolve => waiting.set(name || "index", resolve));
  await tab("Page.navigate", { url: `${await address}${name}?auto` });
  const report = await Promise.race([reported, sleep(60000).then(() => ({ ok: false, checks: [{ what: "no report in 60 s", ok: false }] }))]);
  for (const [kind, ...size] of [["wide", 1200, 800, "light"], ["dark", 1200, 800, "dark"], ["phone", 390, 844, "light"]]) {
    await look(...size);
    await sleep(200);
    const { result } = await tab("Runtime.evaluate", { expression: "document.documentElement.scrollWidth - innerWidth" });
    if (result.value > 0) errors.push(`${kind}: ${result.value} pixels too wide`);
    const { data } = await tab("Page.captureScreenshot", { captureBeyondViewport: true });
    writeFileSync(`${folder}/${name || "index"}-${kind}.png`, data, "base64");
  }
  const ok = report.ok && errors.length === 0;
  failed += !ok;
  console.log(`${ok ? "ok     " : "FAILED "} /${name}: ${report.checks.length} checks`);
  for (const check of report.checks) if (!check.ok) console.log(`        ${JSON.stringify(check)}`);
  for (const error of errors) console.log(`        ${error}`);
  await call("Target.closeTarget", { targetId });
}
try {
  const names = (await (await fetch(`${await address}systems`)).text()).trim().split("\n");
  for (const name of only.length ? only : ["", ...names]) await visit(name);
} finally {
  chromium.kill(); site.kill();
  await sleep(1000);
  rmSync(profile, { recursive: true, force: true });
}
console.log(failed ? `${failed} pages failed` : "all pages passed");
process.exit(failed ? 1 : 0);
