-- Both arms, the union of what they found, both scores for all of it, and a second look at the best: one statement,
-- so one snapshot and one moment. The clock stands in the arguments because a subquery there would keep the planner from
-- opening up passages_in_force. {dimension} is the embedding model's.
--
-- $1 as_of or null for now   $2 readable collections       $3 question's vector, null without dense arm
-- $4 candidates of dense arm $5 terms that select          $6 question's terms weighted by idf
-- $7 candidates of lexical arm   $8 what a perfect passage scores   $9 all the question's terms
-- $10 weight of the words         $11 weight of the cosine      $12 passages wanted
with dense as materialized (
    select publication_id, chunk_id, terms, embedding, weights
    from passages_in_force(coalesce($1::timestamptz, now()), $2::bigint[])
    where document_id <> all($13::bigint[])
    order by embedding::halfvec({dimension}) <=> $3::halfvec({dimension})
    limit $4::int
),
lexical as materialized (
    -- no more columns than these: the sort copies all of a row, also of those that it drops
    select publication_id, chunk_id
    from passages_in_force(coalesce($1::timestamptz, now()), $2::bigint[])
    where terms && $5::int[] and document_id <> all($13::bigint[])
    order by weights <#> $6::sparsevec(1000000000)
    limit $7::int
),
candidates as (
    select publication_id, chunk_id, terms, embedding, weights from dense
    union all
    select publication_id, chunk_id, terms, embedding, weights
    from (select publication_id, chunk_id from lexical except select publication_id, chunk_id from dense) l
    join passages_in_force(coalesce($1::timestamptz, now()), $2::bigint[]) using (publication_id, chunk_id)
),
glance as materialized (
    select publication_id, chunk_id, terms, score, whole
    from candidates
    cross join lateral (select -(weights <#> $6::sparsevec(1000000000)) as score,
        -- a vector of zeros has no angle
        coalesce(nullif(1 - (embedding::halfvec({dimension}) <=> $3::halfvec({dimension})), 'NaN'), 0) as whole) first
    order by $10::float8 * greatest(score / $8::float8, 0) ^ $16::float8 + $11::float8 * whole desc, chunk_id
    limit greatest($12::int, $17::int)
),
scored as materialized (
    select publication_id, chunk_id, terms, (score - coalesce(u.pairs <#> $14::sparsevec(1000000000), 0)) / $8::float8 as t,
        whole + $15::float8 * (coalesce(windows.best, whole) - whole) as cosine
    from glance
    left join closeups u using (chunk_id)
    left join lateral (
        select nullif(max(1 - (w <=> $3::halfvec({dimension}))), 'NaN') as best from unnest(u.windows) w
    ) windows on true
),
found as (
    select publication_id, chunk_id, cosine, $10::float8 * greatest(t, 0) ^ $16::float8 + $11::float8 * cosine as score,
        array(select term from unnest($9::int[]) as term where term = any(terms)) as held
    from scored
    order by score desc, chunk_id
    limit $12::int
)
select m.as_of, m.highest, f.score, f.cosine, f.held, d.*,
    exists (select from publication_amendments a where a.amended_id = d.document_id) as is_amended
from (select coalesce($1::timestamptz, now()) as as_of, coalesce((select max(cosine) from scored), 0) as highest) m
left join {found in detail} on true
order by f.score desc, d.chunk_id
