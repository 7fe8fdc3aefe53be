# SPDX-License-Identifier: MIT
"""examples/api/testing.cpp in FastAPI."""

from typing import Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    id: str
    title: str
    description: Optional[str] = None


async def get_db() -> dict[str, Item]:
    return {"foo": Item(id="foo", title="Foo")}


@app.get("/items/{item_id}")
async def read_item(item_id: str, db: dict = Depends(get_db)) -> Item:
    if item_id not in db:
        raise HTTPException(404, "Item not found")
    return db[item_id]
