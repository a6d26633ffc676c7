-- Versions in depth: whose revision a file is, since when it applies, what waits for a person, what a
-- document takes over or amends, and what changed. Owner: room library, but for the receipts' columns.

-- +goose Up

-- How a collection treats what arrives without a key.
alter table collections
    -- What a file that surely continues a document does: supersede by itself, or wait for a person.
    add column on_certain text not null default 'supersede' check (on_certain in ('supersede', 'hold')),
    -- What a file does that may continue one.
    add column on_uncertain text not null default 'hold' check (on_uncertain in ('hold', 'publish_as_new')),
    -- BCP 47, for dates like 03/04/2026; '' when none was set.
    add column locale text not null default '' check (locale ~ '^([a-z]{2,3}(-[A-Z]{2})?)?$'),
    -- Days for which the text of what has ended is kept; null for good.
    add column keep_history_days int check (keep_history_days >= 0);

-- What the structural comparison needs of a text: [{kind, level, page, start, end}], offsets in code points.
-- Null for texts stored before there was a comparison: those are cut at blank lines.
alter table contents add column blocks jsonb;

alter table revisions
    -- Which rule said whose revision it is, and what it saw.
    add column identified_by text not null default 'key' check (identified_by in
        ('key', 'source', 'decision', 'supersedes', 'document_id', 'same_text', 'likeness', 'name', 'new', 'pending')),
    add column identity jsonb not null default '{}',
    add column duplicate_of bigint references revisions on delete set null,
    -- The words that the dates were read from.
    add column effective_quote text not null default '',
    add column version_label text not null default '',
    -- Documents that this one takes over or amends once it is published.
    add column supersedes bigint[] not null default '{}',
    add column amends bigint[] not null default '{}',
    -- The path below its source, or the file's name: files without a key are known by it.
    add column path text not null default '',
    -- A person, or the uploader's dates, settled where in time it stands.
    add column is_order_decided boolean not null default false,
    add column history_dropped_at timestamptz;
update revisions set path = file_name;
create index revisions_path on revisions (path);

-- By what a revision's text and name can be found again. bands are hashes over groups of MinHash values and
-- the collection, so that near-duplicates share some of them (Broder 1997; Leskovec, Rajaraman, Ullman ch. 3).
create table signatures (
    revision_id   bigint primary key references revisions on delete cascade,
    document_id   bigint not null references documents on delete cascade,
    collection_id bigint not null references collections,
    title         text not null, -- normalised; '' when there is none that tells anything
    name          text not null, -- of the file, normalised
    folder        text not null,
    plain_sha256  bytea not null check (length(plain_sha256) = 32), -- of letters and digits alone
    bands         int[] not null,
    headings      text[] not null,
    scope         jsonb not null
);
create index signatures_document on signatures (document_id);
create index signatures_title on signatures (collection_id, title);
create index signatures_name on signatures (collection_id, name);
create index signatures_plain on signatures (collection_id, plain_sha256);
create index signatures_bands on signatures using gin (bands) with (fastupdate = off);

-- Ids that documents give themselves, in front matter or file properties.
create table document_ids (
    collection_id bigint not null references collections,
    name          text not null check (length(name) between 1 and 200),
    document_id   bigint not null references documents on delete cascade,
    primary key (collection_id, name)
);
create index document_ids_document on document_ids (document_id);

-- What waits, or waited, for a person. text and blocks are the held revision's, for the comparison.
create table reviews (
    id                 bigint generated always as identity primary key,
    revision_id        bigint not null references revisions on delete cascade,
    kind               text not null check (kind in ('identity', 'order', 'date')),
    code               text not null,
    message            text not null,
    candidates         jsonb not null default '[]',
    text               text not null,
    blocks             jsonb not null,
    opened_at          timestamptz not null default clock_timestamp(),
    decided_at         timestamptz,
    decided_by         text not null default '',
    decision           text not null default '' check (decision in
        ('', 'replaces', 'new_document', 'duplicate', 'reject', 'publish', 'file_into_history')),
    target_document_id bigint,
    check ((decided_at is null) = (decision = ''))
);
create unique index reviews_open on reviews (revision_id) where decided_at is null;
create index reviews_revision on reviews (revision_id);

-- Decisions about files without a key, for later files of the same source and name.
create table remembered (
    collection_id bigint not null references collections,
    source        text not null,
    name          text not null,
    document_id   bigint references documents on delete cascade, -- null: rejected
    decided_by    text not null,
    decided_at    timestamptz not null default clock_timestamp(),
    primary key (collection_id, source, name)
);
create index remembered_document on remembered (document_id);

-- Where a revision is to be found that was first filed under another document.
create table moved_revisions (
    document_id bigint not null, -- no reference: the provisional document is gone
    number      int not null,
    revision_id bigint not null references revisions on delete cascade,
    primary key (document_id, number)
);
create index moved_revisions_revision on moved_revisions (revision_id);

-- Documents that another one took over: nothing of them applies from then on.
create table supersessions (
    document_id    bigint not null references documents on delete cascade,
    by_document_id bigint not null references documents on delete cascade,
    at             timestamptz not null,
    recorded_at    timestamptz not null,
    primary key (document_id, by_document_id),
    check (document_id <> by_document_id)
);
create index supersessions_by on supersessions (by_document_id);

-- When a person ended what was in force of a document: what began before ends there, also if it arrives later.
create table withdrawals (
    document_id bigint not null references documents on delete cascade,
    at          timestamptz not null,
    primary key (document_id, at)
);
insert into withdrawals (document_id, at)
    select distinct document_id, upper(valid) from publications where ended_by = 'withdrawn' and upper_inf(recorded);

-- Revisions that change part of another document while they are in force.
create table amendments (
    revision_id bigint not null references revisions on delete cascade,
    document_id bigint not null references documents on delete cascade,
    primary key (revision_id, document_id)
);
create index amendments_document on amendments (document_id);

-- What changed from one text of a document to another.
create table diffs (
    from_content_id bigint not null references contents on delete cascade,
    to_content_id   bigint not null references contents on delete cascade,
    diff            jsonb not null,
    primary key (from_content_id, to_content_id)
);
create index diffs_to on diffs (to_content_id);

-- When each revision applied, and when that was held to be true: for receipts.
create view revision_times as
    select b.document_id, r.number as revision, b.valid, b.recorded, b.ended_by
    from publications b join revisions r on r.id = b.revision_id;

-- The documents of which nothing applies at a moment although something did before, and how it ended.
-- +goose StatementBegin
create function documents_ended(as_of timestamptz, known_at timestamptz, readable bigint[])
returns table (publication_id bigint, document_id bigint, ended_at timestamptz, ended_by text)
language sql stable parallel safe as $$
    select b.id, b.document_id, upper(b.valid), b.ended_by
    from publications b
    join documents d on d.id = b.document_id
    where b.ended_by in ('expired', 'withdrawn') and upper(b.valid) <= as_of and b.recorded @> known_at
        and d.collection_id = any(readable)
        and not exists (
            select from publications n
            where n.document_id = b.document_id and n.recorded @> known_at
                and (n.valid @> as_of or upper(n.valid) > upper(b.valid) and lower(n.valid) <= as_of))
$$;
-- +goose StatementEnd
create index publications_ended on publications (upper(valid)) where ended_by in ('expired', 'withdrawn');

-- Whether to look there at all: one step into an index.
create function has_ended(as_of timestamptz) returns boolean language sql stable parallel safe
return exists (select from publications where ended_by in ('expired', 'withdrawn') and upper(valid) <= as_of);

-- What those documents said last: never an answer, only a reason why there is none any more.
-- +goose StatementBegin
create function passages_ended(as_of timestamptz, known_at timestamptz, readable bigint[])
returns table (publication_id bigint, chunk_id bigint, embedding halfvec, terms int[], counts real[], words int,
               ended_at timestamptz, ended_by text)
language sql stable parallel safe as $$
    select b.id, c.id, c.embedding, c.terms, c.counts, c.words, e.ended_at, e.ended_by
    from documents_ended(as_of, known_at, readable) e
    join publications b on b.id = e.publication_id
    join revisions r on r.id = b.revision_id
    join chunks c on c.content_id = r.content_id
$$;
-- +goose StatementEnd

-- Which publications amend which documents.
create view publication_amendments as
    select b.id as publication_id, a.document_id as amended_id
    from amendments a join publications b on b.revision_id = a.revision_id;

-- Room journal: which moment and which knowledge were asked for (null: the present), and what the model was sent.
alter table receipts
    add column asked_as_of timestamptz,
    add column asked_known_at timestamptz,
    add column prompt_sha256 bytea;
