with landed as (
    {{ landed('bls_oews', 'reports') }}
),

reports as (
    select
        vintage_year,
        area_title,
        extracted_date,
        employment_count,
        employment_count_status,
        jobs_per_1000,
        jobs_per_1000_status,
        location_quotient,
        location_quotient_status,
        hourly_mean_wage_usd,
        hourly_mean_wage_usd_status,
        hourly_p10_wage_usd,
        hourly_p10_wage_usd_status,
        hourly_p25_wage_usd,
        hourly_p25_wage_usd_status,
        hourly_median_wage_usd,
        hourly_median_wage_usd_status,
        hourly_p75_wage_usd,
        hourly_p75_wage_usd_status,
        hourly_p90_wage_usd,
        hourly_p90_wage_usd_status,
        annual_mean_wage_usd,
        annual_mean_wage_usd_status,
        annual_p10_wage_usd,
        annual_p10_wage_usd_status,
        annual_p25_wage_usd,
        annual_p25_wage_usd_status,
        annual_median_wage_usd,
        annual_median_wage_usd_status,
        annual_p75_wage_usd,
        annual_p75_wage_usd_status,
        annual_p90_wage_usd,
        annual_p90_wage_usd_status,
        employment_rse_percent_status as employment_rse_pct_status,
        mean_wage_rse_percent_status as mean_wage_rse_pct_status,
        load_id,
        row_number,
        cast(employment_rse_percent as numeric(10, 2)) as employment_rse_pct,
        cast(mean_wage_rse_percent as numeric(10, 2)) as mean_wage_rse_pct,
        -- Some reports lose the dash of the code.
        substring(occupation_code, 1, 2) || '-' || right(occupation_code, 4) as soc_code,
        -- 00 stands before a metropolitan area, -00000 behind a state.
        case
            when area_label like '%-%' then substring(area_label, 1, 2)
            when area_label like '00%' then substring(area_label, 3, 5)
            else area_label
        end as area_code
    from landed
)

select * from reports
