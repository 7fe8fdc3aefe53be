# SPDX-License-Identifier: MIT
"""examples/api/items.cpp in FastAPI."""

from typing import Optional

from fastapi import FastAPI
from pydantic import BaseModel
from shim import Str

app = FastAPI()


class Item(BaseModel):
    name: Str
    price: float
    is_offer: Optional[bool] = None


class Found(BaseModel):
    item_id: int
    q: Optional[str] = None


class Updated(BaseModel):
    item_name: str
    item_id: int


@app.get("/")
async def read_root() -> dict[str, str]:
    return {"Hello": "World"}


@app.get("/items/{item_id}")
async def read_item(item_id: int, q: Optional[str] = None) -> Found:
    return Found(item_id=item_id, q=q)


@app.put("/items/{item_id}")
async def update_item(item_id: int, item: Item) -> Updated:
    return Updated(item_name=item.name, item_id=item_id)
