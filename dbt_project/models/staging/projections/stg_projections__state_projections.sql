with landed as (
    {{ landed('projections', 'state_projections') }}
),

state_projections as (
    select
        horizon_code,
        area_title,
        soc_code,
        soc_title,
        base_year,
        projected_year,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        employment_change_count,
        employment_change_count_status,
        employment_change_pct,
        employment_change_pct_status,
        openings_count,
        openings_count_status,
        state_fips,
        load_id,
        row_number,
        case lower(substring(horizon_code, 1, 1)) when 'l' then 'long' else 'short' end as horizon,
        case when state_fips = '00' then 'nation' else 'state' end as area_type,
        case when state_fips = '00' then '99' else state_fips end as area_code
    from landed
)

select * from state_projections
