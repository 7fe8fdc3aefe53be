# SPDX-License-Identifier: MIT
"""examples/api/validation.cpp in FastAPI.

FastAPI 0.92 has no struct of query parameters, so that a dependency takes its members one by one.
"""

from enum import Enum
from typing import Optional

from fastapi import Depends, FastAPI, Header, Path, Query
from pydantic import BaseModel, Field
from shim import Str, pattern

app = FastAPI()


class ModelName(str, Enum):
    alexnet = "alexnet"
    resnet = "resnet"
    lenet = "lenet"


class Filter(BaseModel):
    limit: int
    offset: int
    tags: list[str]


class Item(BaseModel):
    name: Str = Field(min_length=1, max_length=50)
    price: float = Field(gt=0, description="The price must be greater than zero")
    description: Optional[Str] = Field(None, max_length=300)


def filter_of_query(
    limit: int = Query(100, gt=0, le=100),
    offset: int = Query(0, ge=0),
    tags: list[str] = Query([]),
) -> Filter:
    return Filter(limit=limit, offset=offset, tags=tags)


@app.get("/models/{model_name}")
async def get_model(model_name: ModelName):
    return {"model_name": model_name}


@app.get("/items/")
async def read_items(wanted: Filter = Depends(filter_of_query)) -> Filter:
    return wanted


@app.get("/items/{item_id}")
async def read_item(
    item_id: int = Path(ge=1, le=1000),
    q: str = Query(min_length=3, **pattern("^fixed")),
    user_agent: Optional[str] = Header(None),
):
    return {"item_id": item_id, "q": q, "User-Agent": user_agent}


@app.put("/items/{item_id}")
async def update_item(item_id: int, item: Item) -> Item:
    return item
