-- The last words of documents of which nothing applies any more: those that mean most nearly what was asked,
-- found by a scan, and scored as in known.sql. The parameters are those of known.sql, and $17, how many.
with near as materialized (
    select publication_id, chunk_id, terms, counts, words, ended_at, ended_by,
        coalesce(nullif(1 - (embedding::halfvec({dimension}) <=> $4::halfvec({dimension})), 'NaN'), 0) as cosine
    from passages_ended(coalesce($1::timestamptz, now()), coalesce($2::timestamptz, now()), $3::bigint[])
    order by cosine desc, chunk_id
    limit $17::int
),
found as (
    select publication_id, chunk_id, ended_at, ended_by, windows.cosine,
        $9::float8 * greatest((lexical.score - coalesce(u.pairs <#> $14::sparsevec(1000000000), 0)) / $8::float8, 0) ^ $16::float8
            + $10::float8 * windows.cosine as score,
        array(select term from unnest($5::int[]) as term where term = any(terms)) as held
    from near p
    cross join lateral (
        select coalesce(sum(q.weight * c.n * ($12::float8 + 1)
            / (c.n + $12::float8 * (1 - $13::float8 + $13::float8 * p.words / $7::float8))), 0) as score
        from unnest(p.terms, p.counts) as c(term, n)
        join unnest($5::int[], $6::real[]) as q(term, weight) using (term)
    ) lexical
    left join closeups u using (chunk_id)
    cross join lateral (
        select p.cosine + $15::float8 * (coalesce(
            (select nullif(max(1 - (w <=> $4::halfvec({dimension}))), 'NaN') from unnest(u.windows) w), p.cosine) - p.cosine) as cosine
    ) windows
    order by score desc, chunk_id
    limit $11::int
)
select m.as_of, m.highest, f.score, f.cosine, f.held, d.*, f.ended_at, f.ended_by,
    exists (select from publication_amendments a where a.publication_id = f.publication_id) as is_amendment
from (select coalesce($1::timestamptz, now()) as as_of, coalesce((select max(cosine) from near), 0) as highest) m
left join {found in detail} on true
order by f.score desc, d.chunk_id
