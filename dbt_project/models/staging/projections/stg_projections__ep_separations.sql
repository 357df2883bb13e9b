with landed as (
    {{ landed('projections', 'ep_separations') }}
),

-- A period is written 2024, a dash, 34 or 2034.
ep_separations as (
    select
        soc_code,
        soc_title,
        projection_period,
        occupation_type,
        base_employment_thousands,
        base_employment_thousands_status,
        projected_employment_thousands,
        projected_employment_thousands_status,
        employment_change_thousands,
        employment_change_thousands_status,
        employment_change_pct,
        employment_change_pct_status,
        exit_rate_pct,
        exit_rate_pct_status,
        transfer_rate_pct,
        transfer_rate_pct_status,
        separation_rate_pct,
        separation_rate_pct_status,
        exits_thousands,
        exits_thousands_status,
        transfers_thousands,
        transfers_thousands_status,
        separations_thousands,
        separations_thousands_status,
        openings_thousands,
        openings_thousands_status,
        load_id,
        row_number,
        cast(substring(projection_period, 1, 4) as integer) as base_year,
        cast(
            substring(projection_period, 1, 2)
            || substring(projection_period, length(projection_period) - 1, 2) as integer
        ) as projected_year
    from landed
)

select * from ep_separations
