-- Who may ask and what they may read. Owner: room access; nobody else reads these tables.
-- Secrets are 256 random bits and only their SHA-256 is kept: whoever reads this table can't sign in,
-- and a slow hash would protect nothing that guessing could reach.

-- +goose Up
create table keys (
    id           bigint generated always as identity primary key,
    name         text not null check (length(name) between 1 and 200),
    role         text not null check (role in ('reader', 'editor', 'admin')),
    collections  text[], -- null: all
    hash         bytea not null unique check (length(hash) = 32),
    created_at   timestamptz not null default now(),
    last_used_at timestamptz, -- within a minute
    revoked_at   timestamptz
);

create table sign_in_links (
    id         bigint generated always as identity primary key,
    role       text not null check (role in ('reader', 'editor', 'admin')),
    hash       bytea not null unique check (length(hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at    timestamptz
);

-- A session of a key ends with the key; one of a link keeps what the link said.
create table sessions (
    hash        bytea primary key check (length(hash) = 32),
    key_id      bigint references keys on delete cascade,
    principal   text not null, -- as in access.Principal.ID
    name        text not null,
    role        text not null check (role in ('reader', 'editor', 'admin')),
    collections text[],
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null
);
create index sessions_key on sessions (key_id);
create index sessions_expiry on sessions (expires_at);
