"""The same API as most write it: FastAPI, SQLModel with a session for each request, PyJWT."""

import os
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Annotated
from uuid import UUID, uuid4

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Column, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, Session, SQLModel, col, create_engine, or_, select

PRIORITIES = ["none", "low", "medium", "high"]
ISSUER = os.environ["ISSUER"]
AUDIENCE = os.environ["AUDIENCE"]

url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
engine = create_engine(url, pool_size=5, max_overflow=5)
keys = jwt.PyJWKClient(os.environ["JWKS_URL"], cache_keys=True)
bearer = HTTPBearer()
app = FastAPI()


def now() -> datetime:
    return datetime.now(timezone.utc)


class Task(SQLModel, table=True):
    owner_id: str = Field(primary_key=True)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str
    description: str | None = None
    completed_at: datetime | None = None
    priority: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    due_date: date | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)
    deleted_at: datetime | None = None
    version: int = 1


class TaskCreate(SQLModel):
    title: str = Field(min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=10_000)
    priority: str = "none"
    due: date | None = None
    tags: list[str] = Field(default_factory=list, max_length=20)


class TaskUpdate(SQLModel):
    title: str | None = Field(default=None, min_length=1, max_length=255)
    description: str | None = Field(default=None, max_length=10_000)


class TaskPublic(SQLModel):
    id: UUID
    title: str
    description: str | None
    completed_at: datetime | None
    priority: int
    due_date: date | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    version: int


class User(SQLModel):
    id: str
    issuer: str


def current_user(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> User:
    token = credentials.credentials
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)
    except jwt.PyJWTError as error:
        raise HTTPException(401, "invalid token") from error
    return User(id=claims["sub"], issuer=claims["iss"])


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


CurrentUser = Annotated[User, Depends(current_user)]
CurrentSession = Annotated[Session, Depends(get_session)]


def own_task(session: Session, user: User, id: UUID) -> Task:
    found = select(Task).where(
        Task.owner_id == user.id, Task.id == id, col(Task.deleted_at).is_(None)
    )
    task = session.exec(found).first()
    if task is None:
        raise HTTPException(404, "task not found")
    return task


@app.get("/health/ready")
def ready(session: CurrentSession) -> dict[str, str]:
    session.exec(select(1)).one()
    return {"status": "ok"}


@app.get("/api/v1/me")
def me(user: CurrentUser) -> User:
    return user


@app.get("/api/v1/tasks", response_model=list[TaskPublic])
def read_tasks(
    user: CurrentUser,
    session: CurrentSession,
    limit: int = 50,
    offset: int = 0,
    tags: str | None = None,
    q: str | None = None,
) -> list[Task]:
    found = select(Task).where(Task.owner_id == user.id, col(Task.deleted_at).is_(None))
    if tags is not None:
        found = found.where(col(Task.tags).contains(tags.split(",")))
    if q is not None:
        pattern = f"%{q}%"
        found = found.where(
            or_(col(Task.title).ilike(pattern), col(Task.description).ilike(pattern))
        )
    newest = found.order_by(col(Task.created_at).desc(), col(Task.id).desc())
    return list(session.exec(newest.offset(offset).limit(limit)).all())


@app.get("/api/v1/tasks/{id}", response_model=TaskPublic)
def read_task(id: UUID, user: CurrentUser, session: CurrentSession) -> Task:
    return own_task(session, user, id)


@app.post("/api/v1/tasks", response_model=TaskPublic, status_code=201)
def create_task(body: TaskCreate, user: CurrentUser, session: CurrentSession) -> Task:
    values = body.model_dump(exclude={"priority", "due"})
    task = Task(
        **values, owner_id=user.id, priority=PRIORITIES.index(body.priority), due_date=body.due
    )
    session.add(task)
    session.commit()
    session.refresh(task)
    return task


@app.patch("/api/v1/tasks/{id}", response_model=TaskPublic)
def update_task(id: UUID, body: TaskUpdate, user: CurrentUser, session: CurrentSession) -> Task:
    task = own_task(session, user, id)
    task.sqlmodel_update(body.model_dump(exclude_unset=True))
    task.updated_at = now()
    task.version += 1
    session.add(task)
    session.commit()
    session.refresh(task)
    return task
