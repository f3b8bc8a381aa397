"""Follows streams by httpx-sse, and prints what it has received: `httpx_sse_client.py BASE PATH...`."""

import json
import sys

import httpx
import httpx_sse

base, *paths = sys.argv[1:]
with httpx.Client(timeout=20) as client:
    for path in paths:
        try:
            with httpx_sse.connect_sse(client, "GET", base + path) as source:
                for event in source.iter_sse():
                    print(json.dumps({"path": path, "type": event.event, "data": event.data, "id": event.id}))
            print(json.dumps({"path": path, "end": True}))
        except Exception as error:
            print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))
