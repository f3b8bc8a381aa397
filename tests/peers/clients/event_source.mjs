// Follows streams by an `EventSource` for Node, and prints what it has received:
// `node event_source.mjs PACKAGE BASE PATH...`, where PACKAGE is `eventsource` or `undici`.

import { createRequire } from 'node:module'

const [name, base, ...paths] = process.argv.slice(2)
// Packages lie where NODE_PATH says, which `import` does not heed.
const require = createRequire(import.meta.url)
const { EventSource } = require(name)

const print = (path, what) => console.log(JSON.stringify({ path, ...what }))

// Resolves when the stream has said `end`, or something has gone wrong.
const follow = (path) => new Promise((resolve) => {
  const timer = setTimeout(() => close({ error: 'no end in 20 s' }), 20_000)
  // Every event, whatever its type: listeners would have to know the types beforehand.
  class Everything extends EventSource {
    dispatchEvent (event) {
      if (event.type === 'open') {
        // A connection is no message.
      } else if (event.data === undefined) {
        // It comes back on its own, unless it has given up.
        if (this.readyState === 2) close({ error: event.message ?? 'it gave up' })
      } else {
        print(path, { type: event.type, data: event.data, id: event.lastEventId })
        if (event.type === 'end') close({ end: true })
      }
      return super.dispatchEvent(event)
    }
  }
  const source = new Everything(base + path)
  const close = (why) => {
    clearTimeout(timer)
    source.close()
    print(path, why)
    resolve()
  }
})

for (const path of paths) await follow(path)
