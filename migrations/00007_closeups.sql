-- What the second look at a passage needs: a search reads it for its candidates only, so it stands apart from
-- the narrow rows that the first look goes through. Owner: room library. Read by room retrieve.

-- +goose Up
create table closeups (
    chunk_id bigint primary key references chunks on delete cascade,
    -- Vectors of the chunk's windows and headings; null until they are made, empty where the model has no windows.
    windows  halfvec[],
    -- 1 for each pair of words that stand next to each other; null in libraries from before, until it is made.
    pairs    sparsevec(1000000000)
);
alter table closeups set (toast_tuple_target = 8160);
alter table closeups alter column windows set storage main;
alter table closeups alter column pairs set storage main;
create index closeups_missing on closeups (chunk_id) where windows is null;

insert into closeups (chunk_id) select id from chunks;

-- What a revision says, for passages that join what a cut took apart.
create view passage_texts as
    select r.document_id, r.number as revision, c.text
    from revisions r
    join contents c on c.id = r.content_id;
