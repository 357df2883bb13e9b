with wages as (
    select * from {{ ref('stg_bls_oews__wages') }}
),

soc_vintages as (
    select * from {{ ref('oews_soc_vintages') }}
),

top_codes as (
    select * from {{ ref('oews_top_codes') }}
),

-- A cell that comes in several files is taken from the one loaded last.
ranked_wages as (
    select
        *,
        row_number() over (
            partition by
                vintage_year, area_code, naics_code, ownership_code, soc_code, occupation_group
            order by load_id desc, row_number asc
        ) as place
    from wages
),

-- A code that is broad and detailed at once counts once, as detailed.
wages_with_bounds as (
    select
        ranked_wages.*,
        soc_vintages.soc_vintage,
        top_codes.hourly_top_code_usd,
        cast(top_codes.annual_top_code_usd as numeric(10, 2)) as annual_top_code_usd,
        row_number() over (
            partition by
                ranked_wages.vintage_year, ranked_wages.area_code, ranked_wages.naics_code,
                ranked_wages.ownership_code, ranked_wages.soc_code
            order by
                case ranked_wages.occupation_group
                    when 'detailed' then 1
                    when 'broad' then 2
                    when 'minor' then 3
                    when 'major' then 4
                    else 5
                end
        ) = 1 as is_finest_group
    from ranked_wages
    inner join soc_vintages
        on
            ranked_wages.vintage_year >= soc_vintages.first_year
            and ranked_wages.vintage_year <= soc_vintages.last_year
    left join top_codes
        on
            ranked_wages.vintage_year >= top_codes.first_year
            and ranked_wages.vintage_year <= top_codes.last_year
    where ranked_wages.place = 1
),

-- A top-coded cell holds the bound of its vintage and says so in its status.
lmi_wages as (
    select
        {{ surrogate_key([
            'vintage_year', 'area_code', 'naics_code', 'ownership_code', 'soc_code',
            'occupation_group'
        ]) }} as lmi_wage_key,
        vintage_year,
        area_code,
        naics_code,
        ownership_code,
        soc_code,
        occupation_group,
        area_type_code,
        soc_vintage,
        employment_count,
        employment_count_status,
        employment_rse_pct,
        employment_rse_pct_status,
        jobs_per_1000,
        jobs_per_1000_status,
        location_quotient,
        location_quotient_status,
        mean_wage_rse_pct,
        mean_wage_rse_pct_status,
        hourly_mean_wage_usd_status,
        hourly_p10_wage_usd_status,
        hourly_p25_wage_usd_status,
        hourly_median_wage_usd_status,
        hourly_p75_wage_usd_status,
        hourly_p90_wage_usd_status,
        annual_mean_wage_usd_status,
        annual_p10_wage_usd_status,
        annual_p25_wage_usd_status,
        annual_median_wage_usd_status,
        annual_p75_wage_usd_status,
        annual_p90_wage_usd_status,
        is_annual_only,
        is_hourly_only,
        is_finest_group,
        load_id,
        {{ top_coded('hourly_mean_wage_usd', 'hourly_top_code_usd') }} as hourly_mean_wage_usd,
        {{ top_coded('hourly_p10_wage_usd', 'hourly_top_code_usd') }} as hourly_p10_wage_usd,
        {{ top_coded('hourly_p25_wage_usd', 'hourly_top_code_usd') }} as hourly_p25_wage_usd,
        {{ top_coded('hourly_median_wage_usd', 'hourly_top_code_usd') }} as hourly_median_wage_usd,
        {{ top_coded('hourly_p75_wage_usd', 'hourly_top_code_usd') }} as hourly_p75_wage_usd,
        {{ top_coded('hourly_p90_wage_usd', 'hourly_top_code_usd') }} as hourly_p90_wage_usd,
        {{ top_coded('annual_mean_wage_usd', 'annual_top_code_usd') }} as annual_mean_wage_usd,
        {{ top_coded('annual_p10_wage_usd', 'annual_top_code_usd') }} as annual_p10_wage_usd,
        {{ top_coded('annual_p25_wage_usd', 'annual_top_code_usd') }} as annual_p25_wage_usd,
        {{ top_coded('annual_median_wage_usd', 'annual_top_code_usd') }} as annual_median_wage_usd,
        {{ top_coded('annual_p75_wage_usd', 'annual_top_code_usd') }} as annual_p75_wage_usd,
        {{ top_coded('annual_p90_wage_usd', 'annual_top_code_usd') }} as annual_p90_wage_usd
    from wages_with_bounds
)

select * from lmi_wages
