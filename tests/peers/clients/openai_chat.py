"""Streams chat completions by openai-python, and prints what it has received: `openai_chat.py BASE PATH...`."""

import json
import sys

from openai import OpenAI

base, *paths = sys.argv[1:]
for path in paths:
    try:
        with OpenAI(base_url=base + path, api_key="none", timeout=20, max_retries=0) as client:
            messages = [{"role": "user", "content": "Hello?"}]
            for chunk in client.chat.completions.create(model="m", messages=messages, stream=True):
                what = {"type": chunk.object, "data": chunk.choices[0].delta.content, "id": chunk.id}
                print(json.dumps({"path": path, **what}))
        print(json.dumps({"path": path, "end": True}))
    except Exception as error:
        print(json.dumps({"path": path, "error": f"{type(error).__name__}: {error}"}))
