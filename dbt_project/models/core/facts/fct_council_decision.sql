with decisions as (
    select * from {{ ref('stg_council_decisions__decisions') }}
),

-- A council may send its decisions of a day again: the file loaded last counts.
ranked_decisions as (
    select
        *,
        row_number() over (
            partition by region_scheme, region_code, subject_kind, subject_code, decision_date
            order by load_id desc, row_number desc
        ) as place
    from decisions
),

dated_decisions as (
    select
        *,
        lead(decision_date) over (
            partition by region_scheme, region_code, subject_kind, subject_code
            order by decision_date
        ) as decided_again_date,
        min(
            case when subject_kind = 'rule_set' and decision = 'adopt' then decision_date end
        ) over (
            partition by region_scheme, region_code, subject_kind
            order by decision_date, load_id, row_number
            rows between 1 following and unbounded following
        ) as adopted_other_date
    from ranked_decisions
    where place = 1
),

-- A decision holds until the next one on its subject. A region has one rule set: who adopts another
-- leaves the one before.
council_decisions as (
    select
        region_scheme,
        region_code,
        subject_kind,
        subject_code,
        decision_date,
        decision,
        employers_consulted_count,
        evidence,
        load_id,
        case
            when decided_again_date <= adopted_other_date then decided_again_date
            else coalesce(adopted_other_date, decided_again_date)
        end as superseded_date
    from dated_decisions
)

select * from council_decisions
