# SPDX-License-Identifier: MIT
"""examples/api/hello_api.cpp in FastAPI."""

import asyncio

from fastapi import FastAPI, HTTPException, Response
from pydantic import BaseModel
from shim import Str

app = FastAPI(title="Burger API")


class Burger(BaseModel):
    name: Str
    price: float
    tags: list[Str] = []


burgers: dict[int, Burger] = {}


async def get_burgers(number: int) -> list[Burger]:
    await asyncio.sleep(0.05)
    return [burgers[key] for key in sorted(burgers)][:number]


@app.get("/burgers", tags=["burgers"])
async def read_burgers() -> list[Burger]:
    return await get_burgers(2)


@app.get("/burgers/{burger_id}", tags=["burgers"])
async def read_burger(burger_id: int) -> Burger:
    if burger_id not in burgers:
        raise HTTPException(status_code=404, detail="Burger not found")
    return burgers[burger_id]


@app.post("/burgers", status_code=201, tags=["burgers"])
async def create_burger(burger: Burger, response: Response) -> Burger:
    burger_id = len(burgers) + 1
    burgers[burger_id] = burger
    response.headers["Location"] = f"/burgers/{burger_id}"
    return burger


@app.delete("/burgers/{burger_id}", status_code=204, tags=["burgers"])
async def delete_burger(burger_id: int) -> None:
    burgers.pop(burger_id, None)
