-- What happened, and what each answer stood on. Owner: room journal. Rows are only ever added.

-- +goose Up
create table events (
    id          bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    actor       text not null, -- as in access.Principal.ID
    kind        text not null check (kind ~ '^[a-z][a-z_]*$'),
    document_id bigint, -- no reference: what happened to a document outlives it
    revision    int,
    detail      jsonb not null default '{}'
);
create index events_document on events (document_id, id);
create index events_at on events (at);

create table receipts (
    answer_id         uuid primary key,
    at                timestamptz not null default clock_timestamp(),
    actor             text not null,
    question          text not null,
    answer            text not null,
    abstained         boolean not null,
    as_of             timestamptz not null,
    model             text not null,
    prompt_tokens     int not null,
    completion_tokens int not null,
    search_ms         bigint not null,
    total_ms          bigint not null,
    dropped_citations int not null,
    passages          jsonb not null,
    citations         jsonb not null
);
create index receipts_at on receipts (at);

-- +goose StatementBegin
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end
$$;
-- +goose StatementEnd
create trigger append_only before update or delete or truncate on events
    for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on receipts
    for each statement execute function refuse_change();
