"""Runs the implementations for Python over the vectors: `python python.py ../vectors.jsonl`.

Prints for each vector, each implementation and each cut what came out, as compare.py reads it.
"""

import asyncio
import json
import logging
import sys
from importlib.metadata import version
from unittest.mock import AsyncMock, Mock

import aiohttp
import aiohttp_sse_client2.client
import anthropic._streaming
import httpx
import httpx_sse
import openai._streaming
import sseclient


def openai_like(decoder):
    def run(chunks):
        for event in decoder().iter_bytes(iter(chunks)):
            yield event.event or "message", event.data, event.id or ""

    return run


def by_httpx_sse(chunks):
    response = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=iter(chunks))
    for event in httpx_sse.EventSource(response).iter_sse():
        yield event.event, event.data, event.id


def by_sseclient(chunks):
    for event in sseclient.SSEClient(iter(chunks)).events():
        yield event.event, event.data, event.id


class Ended(Exception):
    pass


def by_aiohttp_sse_client2(chunks):
    """It has no parser of its own, so it gets a response of aiohttp's kind, and is stopped when it wants to come back."""

    def end():
        raise Ended

    async def read():
        content = aiohttp.StreamReader(Mock(), 2**20, loop=asyncio.get_running_loop())
        for chunk in chunks:
            content.feed_data(chunk)
        content.feed_eof()
        session = Mock()
        session.request = AsyncMock(return_value=Mock(status=200, content=content, content_type="text/event-stream"))
        source = aiohttp_sse_client2.client.EventSource("http://localhost/", session=session, on_error=end)
        try:
            async with source:
                async for event in source:
                    events.append((event.type or "message", event.data, event.last_event_id))
        except Ended:
            pass

    events = []
    try:
        asyncio.run(read())
    finally:
        yield from events


# Each with what it shows of IDs, as in node.mjs.
IMPLEMENTATIONS = {
    "openai": ("carried", openai_like(openai._streaming.SSEDecoder)),
    "anthropic": ("carried", openai_like(anthropic._streaming.SSEDecoder)),
    "httpx-sse": ("carried", by_httpx_sse),
    "sseclient-py": ("own", by_sseclient),
    "aiohttp-sse-client2": ("carried", by_aiohttp_sse_client2),
}

logging.disable()
with open(sys.argv[1], encoding="ascii") as file:
    vectors = [json.loads(line) for line in file]
for name, (ids, run) in IMPLEMENTATIONS.items():
    about = {"implementation": name, "version": version(name), "registry": "PyPI", "ids": ids}
    for vector in vectors:
        data = bytes.fromhex(vector["hex"]) if "hex" in vector else vector["stream"].encode()
        cuts = {"whole": [data] if data else [], "bytes": [data[at : at + 1] for at in range(len(data))]}
        for cut, chunks in cuts.items():
            events, error = [], None
            try:
                for event_type, text, id in run(chunks):
                    events.append({"type": event_type, "data": text, "id": id})
            except Exception as raised:
                error = f"{type(raised).__name__}: {raised}"
            print(json.dumps({**about, "vector": vector["name"], "cut": cut, "events": events, "error": error}))
