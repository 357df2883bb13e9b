with publications as (
    select * from {{ ref('int_projection__publications_united') }}
),

soc_vintages as (
    select * from {{ ref('projection_soc_vintages') }}
),

ranked_nation as (
    select
        publications.soc_code,
        soc_vintages.soc_vintage,
        publications.exits_count,
        publications.transfers_count,
        publications.is_line_item,
        row_number() over (
            partition by publications.soc_code, soc_vintages.soc_vintage
            order by publications.base_year desc
        ) as place
    from publications
    inner join soc_vintages
        on
            publications.base_year >= soc_vintages.first_year
            and publications.base_year <= soc_vintages.last_year
    where
        publications.publication_name = 'bls_employment_projections'
        and publications.recorded_to is null
),

nation as (
    select
        soc_code,
        soc_vintage,
        is_line_item,
        cast(exits_count as numeric(20, 10))
        / nullif(exits_count + transfers_count, 0) as exit_share
    from ranked_nation
    where place = 1
),

growing as (
    select
        publications.*,
        soc_vintages.soc_vintage,
        nation.exit_share,
        -- Without the nation's matrix the code tells: detailed occupations do not end in a zero.
        coalesce(
            publications.is_line_item,
            nation.is_line_item,
            substring(publications.soc_code, 7, 1) != '0'
        ) as is_one_of_the_total,
        publications.projected_employment_count - publications.base_employment_count
            as employment_change_count,
        {{ joint_status([
            'publications.base_employment_count', 'publications.projected_employment_count'
        ]) }} as employment_change_count_status,
        cast(
            round(
                cast(
                    publications.projected_employment_count - publications.base_employment_count
                    as numeric(20, 10)
                ) / nullif(publications.projected_year - publications.base_year, 0),
                1
            ) as numeric(14, 1)
        ) as annual_growth_count
    from publications
    inner join soc_vintages
        on
            publications.base_year >= soc_vintages.first_year
            and publications.base_year <= soc_vintages.last_year
    left join nation
        on
            publications.soc_code = nation.soc_code
            and soc_vintages.soc_vintage = nation.soc_vintage
),

-- States apply the nation's separation rates; who publishes no split gets the nation's one.
divisible as (
    select
        *,
        openings_count - annual_growth_count as separations_count,
        exits_count_status = 'not_collected'
        and transfers_count_status = 'not_collected'
        and exit_share is not null
        and openings_count - annual_growth_count >= 0 as is_split_derived
    from growing
),

split_openings as (
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        recorded_to,
        soc_vintage,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        employment_change_count,
        employment_change_count_status,
        annual_growth_count,
        employment_change_count_status as annual_growth_count_status,
        openings_count,
        openings_count_status,
        is_preferred,
        load_id,
        is_one_of_the_total as is_line_item,
        coalesce(is_split_derived, false) as is_split_derived,
        case
            when is_split_derived
                then cast(round(separations_count * exit_share, 0) as bigint)
            else exits_count
        end as exits_count,
        case when is_split_derived then 'reported' else exits_count_status end
            as exits_count_status,
        case
            when is_split_derived
                then
                    cast(
                        round(separations_count, 0) - round(separations_count * exit_share, 0)
                        as bigint
                    )
            else transfers_count
        end as transfers_count,
        case when is_split_derived then 'reported' else transfers_count_status end
            as transfers_count_status
    from divisible
),

projections as (
    select
        area_type,
        area_code,
        soc_code,
        horizon,
        base_year,
        projected_year,
        publication_name,
        recorded_from,
        recorded_to,
        soc_vintage,
        base_employment_count,
        base_employment_count_status,
        projected_employment_count,
        projected_employment_count_status,
        employment_change_count,
        employment_change_count_status,
        annual_growth_count,
        annual_growth_count_status,
        exits_count,
        exits_count_status,
        transfers_count,
        transfers_count_status,
        openings_count,
        openings_count_status,
        {{ demand_new('annual_growth_count', 'exits_count') }} as demand_new_count,
        {{ joint_status(['annual_growth_count', 'exits_count']) }} as demand_new_count_status,
        openings_count as demand_total_count,
        openings_count_status as demand_total_count_status,
        is_line_item,
        is_split_derived,
        is_preferred,
        load_id
    from split_openings
)

select * from projections
