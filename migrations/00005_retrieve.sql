-- What searching needs of the library's tables: the way to a small collection, and which languages there are.
-- Owner: room library. Read by room retrieve.

-- +goose Up

-- Where only a small share of the passages may be read, an exact scan of those beats the approximate index,
-- which would have to visit most of the library to fill its answer.
create index passages_collection on passages (collection_id);

-- The languages of the library's documents. The recursion hops from one language to the next in the index,
-- so it costs as many steps as there are languages, not documents.
create index contents_language on contents (language);
create view library_languages as
    with recursive hop as (
        (select language from contents order by language limit 1)
        union all
        select (select c.language from contents c where c.language > hop.language order by c.language limit 1)
        from hop where hop.language is not null
    )
    select language from hop where language is not null and language <> '';
