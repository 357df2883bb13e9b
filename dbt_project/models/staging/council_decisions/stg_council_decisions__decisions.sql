with landed as (
    {{ landed('council_decisions', 'decisions') }}
),

decisions as (
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
        row_number
    from landed
)

select * from decisions
