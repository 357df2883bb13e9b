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

-- A decision holds until the next one on its subject.
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
        lead(decision_date) over (
            partition by region_scheme, region_code, subject_kind, subject_code
            order by decision_date
        ) as superseded_date
    from ranked_decisions
    where place = 1
)

select * from council_decisions
