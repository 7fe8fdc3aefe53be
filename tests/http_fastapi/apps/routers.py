# SPDX-License-Identifier: MIT
"""examples/api/routers.cpp in FastAPI."""

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel


class UnicornException(Exception):
    def __init__(self, name: str):
        self.name = name


class Item(BaseModel):
    name: str


async def check_token(x_token: str = Header()):
    if x_token != "fake-super-secret-token":
        raise HTTPException(400, "X-Token header invalid")


router = APIRouter(prefix="/items", tags=["items"], dependencies=[Depends(check_token)])


@router.get("/")
async def read_items() -> list[Item]:
    return [Item(name="Plumbus"), Item(name="Portal Gun")]


@router.get("/{name}")
async def read_item(name: str) -> Item:
    if name == "yolo":
        raise UnicornException(name)
    return Item(name=name)


app = FastAPI()
app.include_router(router)


@app.exception_handler(UnicornException)
async def unicorn_handler(request: Request, error: UnicornException):
    return JSONResponse({"message": f"Oops! {error.name}"}, status_code=418)
