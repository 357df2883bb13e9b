with contracts as (
    {{ source_contracts() }}
),

sources as (
    select
        source_name,
        publisher,
        licence,
        landing_page,
        source_access,
        ask_schedule,
        freshness_days,
        release_rule
    from contracts
)

select * from sources
