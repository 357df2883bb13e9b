with projections as (
    select * from {{ ref('fct_projection') }}
),

matched as (
    select * from {{ ref('int_occupation__programs_matched') }}
),

awards as (
    select * from {{ ref('int_supply__awards_counted') }}
),

described as (
    select * from {{ ref('int_occupation__described') }}
),

rules as (
    select * from {{ ref('education_compatibility_rules') }}
),

occupations as (
    select
        soc_vintage,
        soc_code,
        base_year
    from projections
    where is_line_item
    group by soc_vintage, soc_code, base_year
),

-- Without the filter, and with an education that is not told, every level prepares.
asked as (
    select
        soc_vintage,
        soc_code,
        base_year,
        false as is_education_filtered,
        cast(null as integer) as lowest_award_rank,
        cast(null as integer) as highest_award_rank
    from occupations
    union all
    select
        occupations.soc_vintage,
        occupations.soc_code,
        occupations.base_year,
        true as is_education_filtered,
        rules.lowest_award_rank,
        rules.highest_award_rank
    from occupations
    left join described
        on
            occupations.soc_vintage = described.soc_vintage
            and occupations.soc_code = described.soc_code
    left join rules
        on
            described.entry_education = rules.entry_education
            and occupations.base_year >= rules.first_base_year
            and occupations.base_year <= rules.last_base_year
),

taught as (
    select
        asked.soc_vintage,
        asked.soc_code,
        asked.base_year,
        asked.is_education_filtered,
        matched.cip_vintage,
        matched.cip_code,
        awards.award_count,
        awards.years_in_average,
        asked.lowest_award_rank is null
        or (
            awards.award_rank >= asked.lowest_award_rank
            and awards.award_rank <= asked.highest_award_rank
        ) as is_compatible
    from asked
    inner join matched
        on asked.soc_vintage = matched.soc_vintage and asked.soc_code = matched.soc_code
    left join awards
        on matched.cip_vintage = awards.cip_vintage and matched.cip_code = awards.cip_code
),

supplied as (
    select
        soc_vintage,
        soc_code,
        base_year,
        is_education_filtered,
        cip_vintage,
        cip_code,
        cast(
            coalesce(
                sum(case when is_compatible then award_count else 0 end)
                / cast(max(years_in_average) as numeric(4, 0)),
                0
            ) as numeric(14, 4)
        ) as supply_count,
        sum(coalesce(award_count, 0)) as award_count,
        max(case when is_compatible then 1 else 0 end) as compatible_level
    from taught
    group by soc_vintage, soc_code, base_year, is_education_filtered, cip_vintage, cip_code
),

-- A program without awards has no level: not known is never no.
kept as (
    select *
    from supplied
    where compatible_level = 1 or award_count = 0
),

-- Openings of an occupation without a program are reported, under the publisher's own code.
filtered as (
    select
        asked.soc_vintage,
        asked.soc_code,
        asked.base_year,
        asked.is_education_filtered,
        cast(
            count(kept.cip_code) over (
                partition by
                    asked.soc_vintage, asked.soc_code, asked.base_year, asked.is_education_filtered
            ) as integer
        ) as program_count,
        cast(coalesce(kept.supply_count, 0) as numeric(14, 4)) as supply_count,
        coalesce(kept.cip_vintage, 'none') as cip_vintage,
        coalesce(kept.cip_code, '99.9999') as cip_code,
        kept.cip_code is null as is_unmatched
    from asked
    left join kept
        on
            asked.soc_vintage = kept.soc_vintage
            and asked.soc_code = kept.soc_code
            and asked.base_year = kept.base_year
            and asked.is_education_filtered = kept.is_education_filtered
)

select * from filtered
