"use strict";
// What all pages share. A page calls guide.open(...) for its stream, and guide.page(async check => ...) for what `?auto`
// presses. It keeps what it knows in guide.state.
const guide = (() => {
  const $ = id => document.getElementById(id);
  const me = Math.random().toString(36).slice(2, 10);
  const state = { readyState: 2, opened: 0, broken: 0, events: 0, lastId: "", retry: 1000 };
  let lastEvent = 0, lostAt = 0, source = null, path = "";

  // Opens an EventSource, and shows its state in the header. `on` has a function for each event type.
  function open(url, on = {}) {
    path = url;
    if (source) source.close();
    const separator = url.includes("?") ? "&" : "?";
    source = new EventSource(`${url}${separator}exact&me=${me}`);
    const mine = source;
    const note = event => {
      lastEvent = performance.now(); state.events++; state.lastId = event.lastEventId;
    };
    for (const type of new Set(["message", "gap", "farewell", ...Object.keys(on)]))
      if (!["open", "error"].includes(type)) mine.addEventListener(type, event => { note(event); on[type]?.(event); });
    mine.onopen = () => { state.opened++; lostAt = 0; on.open?.(); show(); };
    mine.onerror = () => { state.broken++; lostAt = performance.now(); on.error?.(mine.readyState); show(); };
    show();
    return mine;
  }

  function show() {
    state.readyState = source ? source.readyState : 2;
    const name = ["connecting", "open", "closed"][state.readyState];
    const wait = lostAt && state.readyState === 0 ? Math.max(0, state.retry - (performance.now() - lostAt)) : 0;
    const text = wait ? `connecting in ${(wait / 1000).toFixed(1)} s` : name;
    if ($("badge").textContent !== text) {
      // A reader says the state, and not each tenth of a second.
      $("badge").setAttribute("aria-live", wait ? "off" : "polite");
      $("badge").textContent = text;
      $("badge").dataset.state = name;
    }
    $("age").textContent = lastEvent ? `${Math.round(performance.now() - lastEvent)} ms ago` : "–";
    $("last").textContent = state.lastId || "none";
  }

  // The wire: a second client reads the same stream with fetch, which shows comments and unfinished events, too.
  let reading = null;
  async function wire() {
    reading = new AbortController();
    let id = state.lastId;
    while (!reading.signal.aborted) {
      try {
        const separator = path.includes("?") ? "&" : "?";
        const response = await fetch(`${path}${separator}me=wire-${me}`, {
          headers: id ? { "Last-Event-ID": id } : {}, cache: "no-store", signal: reading.signal });
        print(`status ${response.status}, ${response.headers.get("content-type")}\n`, "note");
        if (response.status !== 200) return;
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          const lines = (rest + value).split(/\r\n|\n|\r/);
          rest = lines.pop();
          for (const line of lines) {
            if (line.startsWith("id: ")) id = line.slice(4);
            print(line + "\n", kind(line));
          }
        }
        if (rest) print(rest, kind(rest));
        print("\nthe response is over\n", "note");
      } catch { if (!reading.signal.aborted) print("\nthe connection broke\n", "note"); }
      await sleep(1000);
    }
  }
  const kind = line => line.startsWith(":") ? "comment" : ["id", "event", "data", "retry"].find(
    name => line === name || line.startsWith(name + ":")) ?? (line ? "other" : "note");
  function print(text, kind) {
    const bytes = $("bytes"), span = document.createElement("span");
    const follows = bytes.scrollTop + bytes.clientHeight > bytes.scrollHeight - 40;
    span.className = `k-${kind}`; span.textContent = text; bytes.append(span);
    while (bytes.childNodes.length > 400) bytes.firstChild.remove();
    if (follows) bytes.scrollTop = bytes.scrollHeight;
  }

  const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
  async function until(what, condition, ms = 15000) {
    const end = performance.now() + ms;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited in vain for: ${what}`);
      await sleep(20);
    }
  }
  async function post(url, body) {
    const response = await fetch(url, { method: "POST", body });
    return response.text();
  }

  // Runs when the page is opened with ?auto. `check(what, got, expected)` notes each finding.
  async function page(auto) {
    if (!location.search.includes("auto")) return;
    const checks = [], check = (what, got, expected = true) =>
      checks.push({ what, got: structuredClone(got), expected, ok: JSON.stringify(got) === JSON.stringify(expected) });
    try { await auto(check); } catch (error) { checks.push({ what: String(error), ok: false }); }
    await post(`/report/${document.body.dataset.name || "index"}`,
      JSON.stringify({ ok: checks.length > 0 && checks.every(check => check.ok), checks, state }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    const stream = document.body.dataset.stream;
    if (!stream) return;
    path = path || stream;
    $("line").hidden = false;
    $("curl").textContent = `curl -N ${location.origin}${stream}`;
    $("tail").textContent = `cargo run --example tail -- ${location.origin}${stream}`;
    $("wire-button").onclick = () => {
      const opens = $("wire").hidden;
      $("wire").hidden = !opens; $("wire-button").setAttribute("aria-expanded", opens);
      if (opens) wire(); else reading.abort();
    };
    for (const button of document.querySelectorAll("[data-copy]"))
      button.onclick = () => navigator.clipboard?.writeText($(button.dataset.copy).textContent);
    setInterval(show, 100);
  });
  return { $, me, state, open, page, post, until, sleep, close() { source?.close(); show(); } };
})();
