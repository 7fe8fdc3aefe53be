# SPDX-License-Identifier: MIT
"""examples/api/auth.cpp in FastAPI."""

from fastapi import Depends, FastAPI, Form, HTTPException
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


class User(BaseModel):
    username: str
    email: str
    disabled: bool = False


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"


class Session:
    async def close(self):
        pass


users = {
    "alice": User(username="alice", email="alice@example.com"),
    "bob": User(username="bob", email="bob@example.com", disabled=True),
}


async def get_session():
    session = Session()
    try:
        yield session
    finally:
        await session.close()


async def get_current_user(
    token: str = Depends(oauth2_scheme), session: Session = Depends(get_session)
) -> User:
    if token not in users:
        raise HTTPException(401, "Invalid credentials", {"WWW-Authenticate": "Bearer"})
    return users[token]


async def get_active_user(user: User = Depends(get_current_user)) -> User:
    if user.disabled:
        raise HTTPException(400, "Inactive user")
    return user


@app.post("/token")
async def login(username: str = Form(), password: str = Form()) -> Token:
    if username not in users:
        raise HTTPException(400, "Incorrect username or password")
    return Token(access_token=username)


@app.get("/users/me")
async def read_me(user: User = Depends(get_active_user)) -> User:
    return user
