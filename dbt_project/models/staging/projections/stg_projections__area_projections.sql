with landed as (
    {{ landed('projections', 'area_projections') }}
),

area_projections as (
    select
        area_type,
        area_code,
        horizon_code,
        soc_code,
        soc_title,
        base_year,
        projected_year,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status,
        publisher_name,
        released_date,
        load_id,
        row_number,
        horizon_code as horizon
    from landed
)

select * from area_projections
