# SPDX-License-Identifier: MIT
"""examples/api/streaming.cpp in FastAPI.

FastAPI 0.92 has neither JSON lines nor server-sent events: Starlette's streams stand for them.
"""

import asyncio
import json

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    name: str
    price: float


items = [Item(name="Plumbus", price=32.99), Item(name="Portal Gun", price=999.99)]


def text_of(item: Item) -> str:
    return json.dumps(item.dict(), separators=(",", ":"))


@app.get("/items/stream")
async def stream_items():
    async def lines():
        for item in items:
            yield text_of(item) + "\n"

    return StreamingResponse(lines(), media_type="application/jsonl")


@app.get("/items/events")
async def item_events():
    async def events():
        for number, item in enumerate(items, 1):
            yield f"event: item_update\ndata: {text_of(item)}\nid: {number}\n\n"
            await asyncio.sleep(1)

    return StreamingResponse(events(), media_type="text/event-stream")


async def write_log(message: str):
    pass


@app.post("/send/{email}")
async def send(email: str, background_tasks: BackgroundTasks):
    background_tasks.add_task(write_log, f"to {email}")
    return {"message": "Message sent"}


@app.get("/page", response_class=HTMLResponse)
async def page():
    return "<h1>Hi</h1>"


@app.get("/old")
async def old():
    return RedirectResponse("/page")
