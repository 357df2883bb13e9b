with wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

national_jobs as (
    select
        vintage_year,
        soc_vintage,
        soc_code,
        naics_code,
        ownership_code,
        employment_count
    from wages
    where area_type_code = '1' and is_finest_group
),

sector_jobs as (
    select
        vintage_year,
        soc_vintage,
        naics_code as naics_sector_code,
        ownership_code,
        employment_count as sector_job_count,
        -- A sector that is told by owner as well counts once, with the most of its owners.
        row_number() over (
            partition by vintage_year, soc_vintage, naics_code
            order by employment_count desc, ownership_code asc
        ) as place
    from national_jobs
    where
        soc_code = '00-0000'
        and (length(naics_code) = 2 or naics_code like '__-__')
        and employment_count > 0
),

-- The sectors are a release of their own, that may come before the wages of all sectors together.
newest_vintages as (
    select
        sector_jobs.soc_vintage,
        max(sector_jobs.vintage_year) as vintage_year
    from sector_jobs
    inner join national_jobs
        on
            sector_jobs.vintage_year = national_jobs.vintage_year
            and sector_jobs.soc_vintage = national_jobs.soc_vintage
            and national_jobs.soc_code = '00-0000'
            and national_jobs.naics_code = '000000'
            and national_jobs.ownership_code = '1235'
    group by sector_jobs.soc_vintage
),

-- The total is no occupation: unclassified employers, whom no sector has, are in it.
sector_cells as (
    select
        sector_jobs.soc_vintage,
        national_jobs.soc_code,
        sector_jobs.naics_sector_code,
        sector_jobs.vintage_year,
        sector_jobs.sector_job_count,
        national_jobs.employment_count
    from sector_jobs
    inner join newest_vintages
        on
            sector_jobs.soc_vintage = newest_vintages.soc_vintage
            and sector_jobs.vintage_year = newest_vintages.vintage_year
    inner join national_jobs
        on
            sector_jobs.vintage_year = national_jobs.vintage_year
            and sector_jobs.naics_sector_code = national_jobs.naics_code
            and sector_jobs.ownership_code = national_jobs.ownership_code
    where sector_jobs.place = 1 and national_jobs.soc_code != '00-0000'
),

told_sums as (
    select
        soc_vintage,
        soc_code,
        vintage_year,
        coalesce(sum(employment_count), 0) as told_job_count,
        sum(case when employment_count is null then sector_job_count end)
            as untold_sector_job_count
    from sector_cells
    group by soc_vintage, soc_code, vintage_year
),

-- What the nation has more than its told sectors works in the withheld ones, at one rate in each:
-- at most all jobs of the sector, as sectors without a row may have some of it, too.
untold_rates as (
    select
        told_sums.soc_vintage,
        told_sums.soc_code,
        case
            when national_jobs.employment_count > told_sums.told_job_count
                then
                    least(
                        cast(
                            national_jobs.employment_count - told_sums.told_job_count
                            as numeric(20, 10)
                        ) / told_sums.untold_sector_job_count,
                        1
                    )
            when national_jobs.employment_count is not null then 0
        end as untold_rate
    from told_sums
    left join national_jobs
        on
            told_sums.vintage_year = national_jobs.vintage_year
            and told_sums.soc_code = national_jobs.soc_code
            and national_jobs.naics_code = '000000'
            and national_jobs.ownership_code = '1235'
    where told_sums.untold_sector_job_count is not null
),

staffing as (
    select
        sector_cells.soc_vintage,
        sector_cells.soc_code,
        sector_cells.naics_sector_code,
        sector_cells.vintage_year,
        cast(
            coalesce(
                cast(sector_cells.employment_count as numeric(20, 10))
                / sector_cells.sector_job_count,
                untold_rates.untold_rate
            ) as numeric(18, 15)
        ) as staffing_rate
    from sector_cells
    left join untold_rates
        on
            sector_cells.soc_vintage = untold_rates.soc_vintage
            and sector_cells.soc_code = untold_rates.soc_code
    -- Whoever is withheld in a sector and in the nation has no pattern that anybody knows.
    where untold_rates.soc_code is null or untold_rates.untold_rate is not null
)

select * from staffing
