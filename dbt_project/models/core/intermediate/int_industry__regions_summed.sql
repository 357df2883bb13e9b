with averages as (
    select *
    from {{ ref('int_industry__years_averaged') }}
    where ownership_code in ('0', '5')
),

memberships as (
    select * from {{ ref('bridge_area') }}
),

quotient_rules as (
    select * from {{ ref('location_quotient_rules') }}
),

local_cells as (
    select * from averages
    where area_type in ('county', 'undefined_county')
),

-- What the state has more than its counties that are told, is what the others hide.
disclosed_sums as (
    select
        naics_code,
        ownership_code,
        calendar_year,
        sum(average_employment_count) as disclosed_employment_count,
        sum(case when average_employment_count_status != 'reported' then establishment_count end)
            as undisclosed_establishment_count
    from local_cells
    group by naics_code, ownership_code, calendar_year
),

residuals as (
    select
        disclosed_sums.naics_code,
        disclosed_sums.ownership_code,
        disclosed_sums.calendar_year,
        disclosed_sums.undisclosed_establishment_count,
        greatest(
            averages.average_employment_count
            - coalesce(disclosed_sums.disclosed_employment_count, 0),
            0
        ) as undisclosed_employment_count
    from disclosed_sums
    inner join averages
        on
            disclosed_sums.naics_code = averages.naics_code
            and disclosed_sums.ownership_code = averages.ownership_code
            and disclosed_sums.calendar_year = averages.calendar_year
            and averages.area_type = 'state'
    where averages.average_employment_count_status = 'reported'
),

current_members as (
    select
        area_code as county_fips,
        parent_area_type as area_type,
        parent_area_code as area_code,
        count(*) over (partition by parent_area_type, parent_area_code) as county_count
    from memberships
    where valid_to is null
),

-- Each county stands for itself as well.
areas_of_counties as (
    select
        county_fips,
        area_type,
        area_code,
        county_count
    from current_members
    union all
    select
        area_code as county_fips,
        'county' as area_type,
        area_code,
        1 as county_count
    from local_cells
    where area_type = 'county'
    group by area_code
),

-- An area is told where the totals of all its counties are there.
area_years as (
    select
        areas_of_counties.area_type,
        areas_of_counties.area_code,
        local_cells.calendar_year,
        count(*) = max(areas_of_counties.county_count) as has_all_counties
    from local_cells
    inner join areas_of_counties
        on local_cells.area_code = areas_of_counties.county_fips
    where local_cells.naics_code = '10' and local_cells.ownership_code = '0'
    group by
        areas_of_counties.area_type, areas_of_counties.area_code, local_cells.calendar_year
),

county_sums as (
    select
        areas_of_counties.area_type,
        areas_of_counties.area_code,
        local_cells.naics_code,
        local_cells.naics_vintage,
        local_cells.ownership_code,
        local_cells.calendar_year,
        local_cells.figure_basis,
        sum(local_cells.establishment_count) as establishment_count,
        coalesce(sum(local_cells.average_employment_count), 0) as disclosed_employment_count,
        count(local_cells.average_employment_count) as disclosed_county_count,
        count(case when local_cells.average_employment_count_status != 'reported' then 1 end)
            as undisclosed_county_count,
        sum(
            case
                when local_cells.average_employment_count_status != 'reported'
                    then
                        1.0 * residuals.undisclosed_employment_count
                        * local_cells.establishment_count
                        / nullif(residuals.undisclosed_establishment_count, 0)
            end
        ) as undisclosed_employment_count,
        sum(local_cells.total_wage_usd) as total_wage_usd,
        max(local_cells.weekly_mean_wage_usd) as published_weekly_wage_usd,
        max(local_cells.recorded_from) as recorded_from
    from local_cells
    inner join areas_of_counties
        on local_cells.area_code = areas_of_counties.county_fips
    left join residuals
        on
            local_cells.naics_code = residuals.naics_code
            and local_cells.ownership_code = residuals.ownership_code
            and local_cells.calendar_year = residuals.calendar_year
    group by
        areas_of_counties.area_type,
        areas_of_counties.area_code,
        local_cells.naics_code,
        local_cells.naics_vintage,
        local_cells.ownership_code,
        local_cells.calendar_year,
        local_cells.figure_basis
),

area_cells as (
    select
        county_sums.*,
        case
            when not coalesce(area_years.has_all_counties, false) then 'missing'
            when county_sums.undisclosed_county_count > 0 then 'suppressed_at_source'
            else 'reported'
        end as employment_status
    from county_sums
    left join area_years
        on
            county_sums.area_type = area_years.area_type
            and county_sums.area_code = area_years.area_code
            and county_sums.calendar_year = area_years.calendar_year
    union all
    select
        area_type,
        coalesce(area_code, area_fips) as area_code,
        naics_code,
        naics_vintage,
        ownership_code,
        calendar_year,
        figure_basis,
        establishment_count,
        coalesce(average_employment_count, 0) as disclosed_employment_count,
        case when average_employment_count_status = 'reported' then 1 else 0 end
            as disclosed_county_count,
        case when average_employment_count_status = 'reported' then 0 else 1 end
            as undisclosed_county_count,
        cast(null as numeric) as undisclosed_employment_count,
        total_wage_usd,
        weekly_mean_wage_usd as published_weekly_wage_usd,
        recorded_from,
        average_employment_count_status as employment_status
    from averages
    where area_type in ('state', 'nation')
),

shared_cells as (
    select
        *,
        disclosed_employment_count + coalesce(undisclosed_employment_count, 0)
            as estimated_employment_count,
        case
            when employment_status = 'missing' then null
            when undisclosed_county_count = 0 then 0
            else
                undisclosed_employment_count
                / nullif(disclosed_employment_count + undisclosed_employment_count, 0)
        end as undisclosed_share
    from area_cells
),

-- The base is total covered employment, as the publisher's own quotients have it.
based_cells as (
    select
        shared_cells.*,
        quotient_rules.largest_undisclosed_share,
        max(
            case
                when
                    shared_cells.naics_code = '10' and shared_cells.ownership_code = '0'
                    and shared_cells.employment_status = 'reported'
                    then shared_cells.disclosed_employment_count
            end
        ) over (
            partition by
                shared_cells.area_type, shared_cells.area_code, shared_cells.calendar_year
        ) as area_total_count,
        max(
            case
                when
                    shared_cells.area_type = 'nation'
                    and shared_cells.employment_status = 'reported'
                    then shared_cells.disclosed_employment_count
            end
        ) over (
            partition by
                shared_cells.naics_code, shared_cells.ownership_code, shared_cells.calendar_year
        ) as nation_count,
        max(
            case
                when
                    shared_cells.area_type = 'nation'
                    and shared_cells.naics_code = '10' and shared_cells.ownership_code = '0'
                    and shared_cells.employment_status = 'reported'
                    then shared_cells.disclosed_employment_count
            end
        ) over (partition by shared_cells.calendar_year) as nation_total_count
    from shared_cells
    inner join quotient_rules
        on
            {{ date_in_year('shared_cells.calendar_year', 12, 31) }}
            between quotient_rules.valid_from
            and coalesce(quotient_rules.valid_to, cast('9999-12-31' as date))
),

decided_cells as (
    select
        *,
        case
            when employment_status = 'missing' then 'missing'
            when undisclosed_county_count > 0 and undisclosed_share is null
                then 'suppressed_at_source'
            when undisclosed_share > largest_undisclosed_share then 'suppressed_at_source'
            when nation_count is null or nation_total_count is null or area_total_count is null
                then 'missing'
            when nation_count = 0 or area_total_count = 0 then 'not_applicable'
            else 'reported'
        end as quotient_status,
        -- Where every county is withheld nothing is disclosed: no lower bound, not zero.
        case
            when employment_status = 'missing' or disclosed_county_count = 0 then employment_status
            else 'reported'
        end as disclosed_status
    from based_cells
),

regions as (
    select
        area_type,
        area_code,
        naics_code,
        ownership_code,
        calendar_year,
        naics_vintage,
        figure_basis,
        employment_status as average_employment_count_status,
        cast(undisclosed_share as numeric(9, 6)) as undisclosed_employment_share,
        disclosed_status as disclosed_employment_count_status,
        employment_status as total_wage_usd_status,
        quotient_status as industry_location_quotient_status,
        recorded_from,
        case when employment_status != 'missing' then cast(establishment_count as bigint) end
            as establishment_count,
        case when employment_status = 'missing' then 'missing' else 'reported' end
            as establishment_count_status,
        case
            when employment_status = 'reported' then cast(disclosed_employment_count as bigint)
        end as average_employment_count,
        case
            when disclosed_status = 'reported' then cast(disclosed_employment_count as bigint)
        end as disclosed_employment_count,
        case
            when employment_status = 'missing' then 'missing'
            when undisclosed_share is null then 'suppressed_at_source'
            else 'reported'
        end as undisclosed_employment_share_status,
        case when employment_status = 'reported' then cast(total_wage_usd as bigint) end
            as total_wage_usd,
        case
            when employment_status != 'reported' or disclosed_employment_count = 0 then null
            when area_type in ('county', 'state', 'nation') then published_weekly_wage_usd
            else cast(round(total_wage_usd / disclosed_employment_count / 52.0) as integer)
        end as weekly_mean_wage_usd,
        case
            when employment_status = 'reported' and disclosed_employment_count = 0
                then 'not_applicable'
            else employment_status
        end as weekly_mean_wage_usd_status,
        case
            when quotient_status = 'reported'
                then
                    cast(
                        (1.0 * estimated_employment_count / area_total_count)
                        / (1.0 * nation_count / nation_total_count) as numeric(12, 2)
                    )
        end as industry_location_quotient,
        area_type not in ('county', 'state', 'nation') as is_derived
    from decided_cells
)

select * from regions
