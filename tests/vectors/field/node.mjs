// Runs the implementations for Node over the vectors: `node node.mjs ../vectors.jsonl`.
// Prints for each vector, each implementation and each cut what came out, as compare.py reads it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// Packages lie where NODE_PATH says, which `import` does not heed.
const require = createRequire(import.meta.url)
const version = (name) => JSON.parse(readFileSync(join(process.env.NODE_PATH, name, 'package.json'))).version

// event-source-polyfill takes the global one when it is loaded, and the streams here come from no network.
let body
const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
globalThis.fetch = fetch

const { createParser } = require('eventsource-parser')
const { EventSource } = require('eventsource')
const { EventSourcePolyfill } = require('event-source-polyfill')
// What undici's EventSource pipes the body through.
const { EventSourceStream } = require('undici/lib/web/eventsource/eventsource-stream.js')
const { getBytes, getLines, getMessages } = require('@microsoft/fetch-event-source/lib/cjs/parse.js')
const { _iterSSEMessages: openai } = require('openai/core/streaming')
const { _iterSSEMessages: anthropic } = require('@anthropic-ai/sdk/core/streaming')
const parseSse = await import(join(process.env.NODE_PATH, 'parse-sse/index.js'))
const fetchEventStream = await import(join(process.env.NODE_PATH, 'fetch-event-stream/esm/mod.js'))

const streamOf = (chunks) => new ReadableStream({
  start (controller) {
    for (const chunk of chunks) controller.enqueue(chunk)
    controller.close()
  }
})

const typed = (type) => type || 'message'

// Follows a stream by something like a browser's EventSource, until the end of the connection.
const follow = (Source, chunks, emit) => new Promise((resolve) => {
  body = streamOf(chunks)
  class Everything extends Source {
    dispatchEvent (event) {
      if (event.data !== undefined) emit(event.type, event.data, event.lastEventId)
      else if (event.type === 'error') this.close(), resolve()
    }
  }
  new Everything('http://localhost/', { fetch })
})

// Each with what it shows of IDs: `own` (set by the event itself), `own-or-empty` (the same, and none is as good as empty),
// `carried` (the last event ID), `none`.
const implementations = {
  'eventsource-parser': ['own', async (chunks, emit) => {
    const decoder = new TextDecoder()
    const parser = createParser({ onEvent: ({ event, data, id }) => emit(typed(event), data, id ?? null) })
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
    parser.feed(decoder.decode())
  }],
  eventsource: ['carried', (chunks, emit) => follow(EventSource, chunks, emit)],
  'event-source-polyfill': ['carried', (chunks, emit) => follow(EventSourcePolyfill, chunks, emit)],
  undici: ['carried', (chunks, emit) => new Promise((resolve, reject) => {
    const stream = new EventSourceStream({ eventSourceSettings: { lastEventId: '', reconnectionTime: 3000 } })
    stream.on('data', ({ type, options }) => emit(type, options.data, options.lastEventId))
    stream.on('end', resolve).on('error', reject)
    for (const chunk of chunks) stream.write(chunk)
    stream.end()
  })],
  'parse-sse': ['carried', async (chunks, emit) => {
    const events = parseSse.parseServerSentEvents(new Response(streamOf(chunks)))
    for await (const { type, data, lastEventId } of events) emit(type, data, lastEventId)
  }],
  'fetch-event-stream': ['own', async (chunks, emit) => {
    const events = fetchEventStream.events(new Response(streamOf(chunks)))
    // It makes numbers of the IDs that look like one.
    for await (const { event, data, id } of events) emit(typed(event), data, id === undefined ? null : String(id))
  }],
  '@microsoft/fetch-event-source': ['own-or-empty', (chunks, emit) => {
    const onMessage = ({ event, data, id }) => emit(typed(event), data, id)
    return getBytes(streamOf(chunks), getLines(getMessages(() => {}, () => {}, onMessage)))
  }],
  openai: ['none', async (chunks, emit) => {
    for await (const { event, data } of openai(new Response(streamOf(chunks)), new AbortController())) emit(typed(event), data)
  }],
  '@anthropic-ai/sdk': ['none', async (chunks, emit) => {
    for await (const { event, data } of anthropic(new Response(streamOf(chunks)), new AbortController())) emit(typed(event), data)
  }]
}

// What they say about bad input is not wanted here.
console.error = console.warn = () => {}

const vectors = readFileSync(process.argv[2], 'utf8').trim().split('\n').map((line) => JSON.parse(line))
for (const [name, [ids, run]] of Object.entries(implementations)) {
  const about = { implementation: name, version: version(name), registry: 'npm', ids }
  for (const vector of vectors) {
    const bytes = new Uint8Array('hex' in vector ? Buffer.from(vector.hex, 'hex') : Buffer.from(vector.stream))
    const cuts = { whole: bytes.length ? [bytes] : [], bytes: Array.from(bytes, (byte) => Uint8Array.of(byte)) }
    for (const [cut, chunks] of Object.entries(cuts)) {
      const events = []
      let error = null
      let timer
      const late = new Promise((resolve, reject) => { timer = setTimeout(reject, 5000, new Error('no end in 5 s')) })
      try {
        await Promise.race([run(chunks, (type, data, id = null) => events.push({ type, data: data ?? null, id })), late])
      } catch (thrown) {
        error = String(thrown)
      }
      clearTimeout(timer)
      process.stdout.write(JSON.stringify({ ...about, vector: vector.name, cut, events, error }) + '\n')
    }
  }
}
// Some leave timers behind that would keep the process alive.
process.stdout.write('', () => process.exit())
