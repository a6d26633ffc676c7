-- What people asked one after the other, and what they say of the answers. Owner: room answer.

-- +goose Up
create table conversations (
    id         uuid primary key,
    owner      text not null, -- as in access.Principal.ID: nobody else sees it
    title      text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index conversations_owner on conversations (owner, updated_at desc, id desc);
create index conversations_updated on conversations (updated_at);

create table messages (
    conversation_id uuid not null references conversations on delete cascade,
    position        int not null, -- from 1
    question        text not null,
    searched_for    text not null, -- the question on its own feet; '' where it was searched as asked
    answer_id       uuid not null, -- the receipt's key, if there is a receipt
    answer          jsonb, -- as it was given; null when it failed before anything was said
    asked_at        timestamptz not null,
    primary key (conversation_id, position)
);

create table feedback (
    answer_id uuid not null,
    actor     text not null, -- as in access.Principal.ID
    helpful   boolean not null,
    reason    text not null check (length(reason) <= 2000),
    at        timestamptz not null default now(),
    primary key (answer_id, actor)
);
create index feedback_at on feedback (at);

-- Who got which answer to which question. Owner: room journal. Read by room answer.
create view answered_questions as
    select answer_id, actor, question from receipts;
