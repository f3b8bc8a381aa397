"""Follows streams by the decoder in openai-python, and prints what it has received: `openai_decoder.py BASE PATH...`."""

import json
import sys

import httpx2
from openai._streaming import SSEDecoder

base, *paths = sys.argv[1:]
with httpx2.Client(timeout=20) as client:
    for path in paths:
        try:
            with client.stream("GET", base + path) as response:
                for event in SSEDecoder().iter_bytes(response.iter_bytes()):
                    # It has None for what the stream did not say.
                    what = {"type": event.event or "message", "data": event.data, "id": event.id or ""}
                    print(json.dumps({"path": path, **what}))
            print(json.dumps({"path": path, "end": True}))
        except Exception as error:
            print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))
