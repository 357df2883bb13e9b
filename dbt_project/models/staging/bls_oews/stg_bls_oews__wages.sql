with landed as (
    {{ landed('bls_oews', 'wages') }}
),

wages as (
    select
        vintage_year,
        soc_code,
        occupation_title as soc_title,
        primary_state as state_code,
        is_annual_only,
        is_hourly_only,
        load_id,
        row_number,
        employment_count,
        employment_count_status,
        employment_rse_percent as employment_rse_pct,
        employment_rse_percent_status as employment_rse_pct_status,
        jobs_per_1000,
        jobs_per_1000_status,
        location_quotient,
        location_quotient_status,
        mean_wage_rse_percent as mean_wage_rse_pct,
        mean_wage_rse_percent_status as mean_wage_rse_pct_status,
        hourly_mean_wage_usd,
        hourly_p10_wage_usd,
        hourly_p25_wage_usd,
        hourly_median_wage_usd,
        hourly_p75_wage_usd,
        hourly_p90_wage_usd,
        annual_mean_wage_usd,
        annual_p10_wage_usd,
        annual_p25_wage_usd,
        annual_median_wage_usd,
        annual_p75_wage_usd,
        annual_p90_wage_usd,
        {{ paid_otherwise('hourly_mean_wage_usd', 'is_annual_only') }}
            as hourly_mean_wage_usd_status,
        {{ paid_otherwise('hourly_p10_wage_usd', 'is_annual_only') }}
            as hourly_p10_wage_usd_status,
        {{ paid_otherwise('hourly_p25_wage_usd', 'is_annual_only') }}
            as hourly_p25_wage_usd_status,
        {{ paid_otherwise('hourly_median_wage_usd', 'is_annual_only') }}
            as hourly_median_wage_usd_status,
        {{ paid_otherwise('hourly_p75_wage_usd', 'is_annual_only') }}
            as hourly_p75_wage_usd_status,
        {{ paid_otherwise('hourly_p90_wage_usd', 'is_annual_only') }}
            as hourly_p90_wage_usd_status,
        {{ paid_otherwise('annual_mean_wage_usd', 'is_hourly_only') }}
            as annual_mean_wage_usd_status,
        {{ paid_otherwise('annual_p10_wage_usd', 'is_hourly_only') }}
            as annual_p10_wage_usd_status,
        {{ paid_otherwise('annual_p25_wage_usd', 'is_hourly_only') }}
            as annual_p25_wage_usd_status,
        {{ paid_otherwise('annual_median_wage_usd', 'is_hourly_only') }}
            as annual_median_wage_usd_status,
        {{ paid_otherwise('annual_p75_wage_usd', 'is_hourly_only') }}
            as annual_p75_wage_usd_status,
        {{ paid_otherwise('annual_p90_wage_usd', 'is_hourly_only') }}
            as annual_p90_wage_usd_status,
        -- To 2018 the files of the nation name no area; some vintages lost a state's leading zero.
        case
            when area_code is null then '99'
            when length(area_code) = 1 then '0' || area_code
            else area_code
        end as area_code,
        case when area_code is null then 'U.S.' else area_title end as area_title,
        lower(occupation_group) as occupation_group,
        -- Layouts without industry and ownership hold the cross-industry rows alone.
        -- Some files write a sector with six digits, as 110000.
        case
            when naics_code != '000000' and naics_code like '__0000'
                then substring(naics_code, 1, 2)
            else coalesce(naics_code, '000000')
        end as naics_code,
        coalesce(ownership_code, '1235') as ownership_code,
        -- 1 nation, 2 state, 3 territory, 4 metropolitan, 6 nonmetropolitan.
        case
            when area_type_code is not null then area_type_code
            when area_code is null or area_code = '99' then '1'
            when area_code in ('66', '72', '78') then '3'
            when length(area_code) <= 2 then '2'
            when length(area_code) = 5 then '4'
            else '6'
        end as area_type_code
    from landed
)

select * from wages
