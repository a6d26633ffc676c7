
-- Receipts r, each with what it cites that no longer applies at the moment asked about, null if nothing:
-- o.outdated is [{n, document_id, revision, ended_by, ended_at}]. A revision may have had several spells;
-- the last that is held to be true says how it ended, or, when none is, the last that ever was.
from receipts r
cross join lateral (
    select jsonb_agg(jsonb_build_object('n', c.n, 'document_id', c.document_id, 'revision', c.revision,
            'ended_by', coalesce(e.ended_by, 'erased'), 'ended_at', e.ended_at)
        order by c.n, c.document_id, c.revision) as outdated
    from (select distinct n, document_id, revision
          from jsonb_to_recordset(r.citations) as j(n int, document_id bigint, revision int, former boolean)
          where former is not true) c
    left join lateral (
        select case when upper_inf(t.recorded) and t.ended_by <> '' then t.ended_by else 'superseded' end as ended_by,
            case when upper_inf(t.recorded) then upper(t.valid) else upper(t.recorded) end as ended_at
        from revision_times t
        where t.document_id = c.document_id and t.revision = c.revision
        order by upper_inf(t.recorded) desc, upper(t.valid) desc nulls first
        limit 1
    ) e on true
    where not r.abstained and not exists (
        select from revision_times t
        where t.document_id = c.document_id and t.revision = c.revision
            and t.valid @> coalesce(r.asked_as_of, now())
            and case when r.asked_known_at is null then upper_inf(t.recorded) else t.recorded @> r.asked_known_at end)
) o
