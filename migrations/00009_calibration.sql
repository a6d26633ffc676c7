-- What questions look like that the library can't answer, measured on its own passages. Owner: room answer.

-- +goose Up
create table calibrations (
    model      text primary key, -- of the embedder: cosines of two models can't be compared
    made_at    timestamptz not null default clock_timestamp(),
    chunks     bigint[] not null, -- those that questions were made from: a sketch of the library as it was
    documents  int not null,      -- they stand in
    questions  int not null,
    evidence   jsonb not null,
    curve      jsonb not null
);
