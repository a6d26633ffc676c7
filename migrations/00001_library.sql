-- The library: documents, their revisions, and which one is in force.
-- Owner: room library. Others read passages_in_force(), passages_known(), passage_details
-- and the two statistics tables, nothing else.

-- +goose Up
create extension if not exists vector;

create table collections (
    id         bigint generated always as identity primary key,
    name       text not null unique check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    created_at timestamptz not null default now()
);

-- Which model's vectors the index holds. One row: vectors of two models can't be compared.
create table index_settings (
    only_row       boolean primary key default true check (only_row),
    model          text not null,
    dimension      int not null check (dimension between 1 and 4000),
    query_prefix   text not null,
    passage_prefix text not null,
    created_at     timestamptz not null default now()
);

-- The bytes as they came, by SHA-256, in parts so that no file is ever whole in memory.
create table originals (
    sha256     bytea primary key check (length(sha256) = 32),
    size       bigint not null check (size >= 0),
    created_at timestamptz not null default now()
);
create table original_parts (
    sha256 bytea not null references originals on delete cascade,
    part   int not null check (part >= 0),
    bytes  bytea not null,
    primary key (sha256, part)
);
alter table original_parts alter column bytes set storage external;

create table documents (
    id            bigint generated always as identity primary key,
    collection_id bigint not null references collections,
    key           text not null check (length(key) between 1 and 1024),
    created_at    timestamptz not null default now(),
    unique (collection_id, key)
);

-- One state of a document's text. Revisions whose cleaned text is the same share it, and so its chunks.
create table contents (
    id          bigint generated always as identity primary key,
    document_id bigint not null references documents on delete cascade,
    text_sha256 bytea not null check (length(text_sha256) = 32),
    text        text not null,
    language    text not null,
    chunks      int not null,
    created_at  timestamptz not null default now(),
    unique (document_id, text_sha256)
);

create table revisions (
    id               bigint generated always as identity primary key,
    document_id      bigint not null references documents on delete cascade,
    number           int not null check (number >= 1),
    original_sha256  bytea not null references originals,
    content_id       bigint references contents,
    title            text not null,
    file_name        text not null,
    media_type       text not null,
    size             bigint not null,
    source           text not null default '',
    created_by       text not null,
    received_at      timestamptz not null,
    status           text not null check (status in
        ('queued', 'running', 'held', 'failed', 'published', 'withdrawn', 'rejected', 'duplicate')),
    stage            text not null default '',
    reason_code      text not null default '',
    reason_message   text not null default '',
    -- As asked for or found; what became true is in publications.
    effective_from   timestamptz not null,
    effective_until  timestamptz,
    effective_source text not null check (effective_source in
        ('explicit', 'front_matter', 'text', 'file_properties', 'upload_time')),
    published_at     timestamptz,
    unique (document_id, number),
    check (effective_until > effective_from)
);
create index revisions_content on revisions (content_id);
create index revisions_original on revisions (original_sha256);
create index revisions_unfinished on revisions (status) where status in ('queued', 'running', 'held', 'failed');

-- When a revision applies (valid) and when we held that to be true (recorded). Rows are never
-- changed but for the end of recorded, so known_at answers what was believed at any moment.
create table publications (
    id          bigint generated always as identity primary key,
    document_id bigint not null references documents on delete cascade,
    revision_id bigint not null references revisions on delete cascade,
    valid       tstzrange not null check (not isempty(valid) and lower_inc(valid) and not upper_inc(valid)
                                          and not lower_inf(valid)),
    recorded    tstzrange not null check (not isempty(recorded) and lower_inc(recorded) and not upper_inc(recorded)
                                          and not lower_inf(recorded)),
    -- Why valid ends: '' while it has no end.
    ended_by    text not null default '' check (ended_by in ('', 'superseded', 'expired', 'withdrawn')),
    check (upper_inf(valid) = (ended_by = '')),
    -- Rule 1: at any instant a document has at most one revision in force.
    constraint one_revision_in_force exclude using gist
        (int8range(document_id, document_id, '[]') with &&, valid with &&) where (upper_inf(recorded))
);
create index publications_document on publications (document_id, recorded);
create index publications_revision on publications (revision_id);

-- A chunk is immutable but for its vector, which arrives in batches while the revision is staged.
-- This table is also what embedding looks into before it calls the model.
create table chunks (
    id              bigint generated always as identity primary key,
    content_id      bigint not null references contents on delete cascade,
    ordinal         int not null,
    text            text not null,
    context         text not null,
    headings        text[] not null,
    page            int not null,
    start_offset    int not null,
    end_offset      int not null,
    tokens          int not null,
    embedded_sha256 bytea not null check (length(embedded_sha256) = 32),
    embedding       halfvec,
    terms           int[] not null,
    counts          real[] not null,
    words           int not null,
    unique (content_id, ordinal)
);
create index chunks_embedded on chunks (embedded_sha256);

-- The hot search table: what is in force or scheduled. Vectors and weights are copies, so that a
-- search touches narrow rows only. The HNSW index is made when the embedding model is known.
create table passages (
    publication_id bigint not null references publications on delete cascade,
    chunk_id       bigint not null references chunks on delete cascade,
    document_id    bigint not null,
    collection_id  bigint not null,
    valid          tstzrange not null,
    embedding      halfvec not null,
    terms          int[] not null,
    weights        sparsevec(1000000000) not null,
    primary key (publication_id, chunk_id)
);
alter table passages set (toast_tuple_target = 8160);
alter table passages alter column weights set storage main;
alter table passages alter column terms set storage main;
create index passages_chunk on passages (chunk_id);
create index passages_document on passages (document_id);
create index passages_terms on passages using gin (terms);

-- How many passages hold a term, and how long they are on average; recounted by a job.
create table term_statistics (
    term      int primary key,
    frequency int not null check (frequency > 0)
);
create table lexical_statistics (
    only_row       boolean primary key default true check (only_row),
    passages       bigint not null,
    average_words  double precision not null,
    -- The average that is baked into passages.weights.
    weighted_words double precision not null,
    counted_at     timestamptz not null default now()
);
insert into lexical_statistics (passages, average_words, weighted_words) values (0, 100, 100);

-- BM25 term weights of a passage: tf·(k1+1)/(tf + k1·(1−b+b·words/average)), k1 1.2, b 0.75
-- (Robertson & Zaragoza 2009). A question's vector holds the idf of its terms; the inner product is the score.
-- +goose StatementBegin
create function bm25_weights(terms int[], counts real[], words int, average double precision)
returns sparsevec language sql immutable parallel safe as $$
    select ('{' || coalesce(string_agg(t || ':' || (n * 2.2 / (n + 1.2 * (0.25 + 0.75 * words / average)))::real, ','
                                       order by t), '') || '}/1000000000')::sparsevec
    from unnest(terms, counts) as u(t, n)
$$;
-- +goose StatementEnd

-- The choke point: both arms of every search of the present read through this function.
-- Inlined by the planner, so the indexes on passages are used.
-- +goose StatementBegin
create function passages_in_force(as_of timestamptz, readable bigint[])
returns table (publication_id bigint, chunk_id bigint, document_id bigint, collection_id bigint,
               embedding halfvec, terms int[], weights sparsevec)
language sql stable parallel safe as $$
    select p.publication_id, p.chunk_id, p.document_id, p.collection_id, p.embedding, p.terms, p.weights
    from passages p
    where p.valid @> as_of and p.collection_id = any(readable)
$$;
-- +goose StatementEnd

-- The same for another moment in either time: exact, by a scan of what the readable documents ever said.
-- There are no baked weights: bm25_weights() makes them from counts.
-- +goose StatementBegin
create function passages_known(as_of timestamptz, known_at timestamptz, readable bigint[])
returns table (publication_id bigint, chunk_id bigint, document_id bigint, collection_id bigint,
               embedding halfvec, terms int[], counts real[], words int)
language sql stable parallel safe as $$
    select b.id, c.id, b.document_id, d.collection_id, c.embedding, c.terms, c.counts, c.words
    from publications b
    join documents d on d.id = b.document_id
    join revisions r on r.id = b.revision_id
    join chunks c on c.content_id = r.content_id
    where b.valid @> as_of and b.recorded @> known_at and d.collection_id = any(readable)
$$;
-- +goose StatementEnd

-- What a reader is shown of a passage.
create view passage_details as
    select b.id as publication_id, c.id as chunk_id, d.id as document_id, d.key as document_key,
           k.name as collection, r.title, r.number as revision,
           lower(b.valid) as effective_from, upper(b.valid) as effective_until,
           c.page, c.headings, c.context, c.text, c.start_offset, c.end_offset, c.ordinal
    from publications b
    join revisions r on r.id = b.revision_id
    join documents d on d.id = b.document_id
    join collections k on k.id = d.collection_id
    join chunks c on c.content_id = r.content_id;
