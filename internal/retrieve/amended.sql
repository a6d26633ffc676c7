-- Which passages of the documents found are amended at the moment asked about, and by what. An amending passage
-- amends the passages of the section that it names; if it names none, the passage that is nearest in meaning.
--
-- $1 as_of or null for now   $2 known_at or null for now   $3 readable collections
-- $4 question's vector, null without dense arm             $5 question's terms
-- $6 documents found         $7 passages found
with amending as materialized (
    select p.publication_id, p.chunk_id, p.terms, p.embedding, a.amended_id, d.text,
        lower(d.headings[cardinality(d.headings)]) as heading,
        array(select m[2] from regexp_matches(concat_ws(' ', array_to_string(d.headings, ' '), d.text), {section}, 'gi') m) as sections
    from publication_amendments a
    join passages_known(coalesce($1::timestamptz, now()), coalesce($2::timestamptz, now()), $3::bigint[]) p
        on p.publication_id = a.publication_id
    join passage_details d on d.publication_id = p.publication_id and d.chunk_id = p.chunk_id
    where a.amended_id = any($6::bigint[]) and a.amended_id <> p.document_id
),
amended as materialized (
    select p.document_id, p.chunk_id, p.embedding, lower(d.headings[cardinality(d.headings)]) as heading,
        substring(d.headings[cardinality(d.headings)] from {number}) as section
    from passages_known(coalesce($1::timestamptz, now()), coalesce($2::timestamptz, now()), $3::bigint[]) p
    join passage_details d using (publication_id, chunk_id)
    where p.document_id = any(array(select amended_id from amending))
),
pairs as (
    select a.publication_id, a.chunk_id, t.chunk_id as amended_chunk,
        coalesce(a.heading = t.heading or t.section = any(a.sections), false) as is_named,
        row_number() over (partition by a.chunk_id, a.amended_id order by a.embedding <=> t.embedding, t.chunk_id) as nearness,
        bool_or(coalesce(a.heading = t.heading or t.section = any(a.sections), false))
            over (partition by a.chunk_id, a.amended_id) as names_any
    from amending a join amended t on t.document_id = a.amended_id
)
select coalesce($1::timestamptz, now()), 0::float8 as highest, 0::float8 as score,
    coalesce(nullif(1 - (a.embedding::halfvec({dimension}) <=> $4::halfvec({dimension})), 'NaN'), 0) as cosine,
    array(select term from unnest($5::int[]) as term where term = any(a.terms)) as held, {details}, w.amended
from (select publication_id, chunk_id, array_agg(amended_chunk) as amended
      from pairs
      where (is_named or not names_any and nearness = 1) and amended_chunk = any($7::bigint[])
      group by publication_id, chunk_id) w
join (select distinct on (publication_id, chunk_id) publication_id, chunk_id, embedding, terms from amending) a
    using (publication_id, chunk_id)
join passage_details d using (publication_id, chunk_id)
order by cosine desc, chunk_id
