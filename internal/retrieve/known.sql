-- The search of another moment in either time: exact, over all that the readable documents said then.
-- Weights are not baked in here; the BM25 formula is that of the schema's bm25_weights.
--
-- $1 as_of or null for now   $2 known_at or null for now   $3 readable collections
-- $4 question's vector, null without dense arm             $5 question's terms   $6 their weights by idf
-- $7 average words           $8 what a perfect passage scores
-- $9 weight of the words          $10 weight of the cosine      $11 passages wanted
-- $12 k1                     $13 b                         $14 question's pairs of words, weighted
-- $15 share of the best window in the cosine   $16 exponent of t   $17 documents left out
with known as materialized (
    select publication_id, chunk_id, terms,
        (coalesce(lexical.score, 0) - coalesce(u.pairs <#> $14::sparsevec(1000000000), 0)) / $8::float8 as t,
        near.whole + $15::float8 * (coalesce(near.best, near.whole) - near.whole) as cosine
    from passages_known(coalesce($1::timestamptz, now()), coalesce($2::timestamptz, now()), $3::bigint[]) p
    left join lateral (
        select sum(q.weight * c.n * ($12::float8 + 1)
            / (c.n + $12::float8 * (1 - $13::float8 + $13::float8 * p.words / $7::float8))) as score
        from unnest(p.terms, p.counts) as c(term, n)
        join unnest($5::int[], $6::real[]) as q(term, weight) using (term)
    ) lexical on true
    left join closeups u using (chunk_id)
    left join lateral (
        select coalesce(nullif(1 - (embedding::halfvec({dimension}) <=> $4::halfvec({dimension})), 'NaN'), 0) as whole,
            (select nullif(max(1 - (w <=> $4::halfvec({dimension}))), 'NaN') from unnest(u.windows) w) as best
    ) near on true
    where document_id <> all($17::bigint[])
),
found as (
    select publication_id, chunk_id, cosine, $9::float8 * greatest(t, 0) ^ $16::float8 + $10::float8 * cosine as score,
        array(select term from unnest($5::int[]) as term where term = any(terms)) as held
    from known
    where t > 0 or $10::float8 > 0
    order by score desc, chunk_id
    limit $11::int
)
select m.as_of, m.highest, f.score, f.cosine, f.held, d.*,
    exists (select from publication_amendments a where a.amended_id = d.document_id) as is_amended
from (select coalesce($1::timestamptz, now()) as as_of, coalesce((select max(cosine) from known), 0) as highest) m
left join {found in detail} on true
order by f.score desc, d.chunk_id
