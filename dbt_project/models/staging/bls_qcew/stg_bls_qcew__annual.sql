with landed as (
    {{ landed('bls_qcew', 'annual') }}
),

annual as (
    select
        area_fips,
        ownership_code,
        naics_code,
        size_class_code,
        aggregation_level_code,
        calendar_year,
        quarter_code,
        disclosure_code,
        establishment_count,
        average_employment_count,
        average_employment_count_status,
        total_wage_usd,
        total_wage_usd_status,
        weekly_mean_wage_usd,
        weekly_mean_wage_usd_status,
        load_id,
        row_number
    from landed
)

select * from annual
