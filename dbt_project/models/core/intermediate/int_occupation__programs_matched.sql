with projections as (
    select * from {{ ref('fct_projection') }}
),

pairs as (
    select * from {{ ref('bridge_cip_soc') }}
),

soc_pairs as (
    select * from {{ ref('bridge_soc_vintage') }}
),

occupations as (
    select
        soc_vintage,
        soc_code
    from projections
    where is_line_item
    group by soc_vintage, soc_code
),

-- Some line items of the national matrix are aggregates of the wage survey, whose hybrid codes tell
-- what they are made of.
aggregates as (
    select
        from_soc_code as soc_code,
        to_soc_vintage as soc_vintage,
        to_soc_code as part_soc_code
    from soc_pairs
    where from_soc_vintage = 'hybrid'
),

-- A line item of the national matrix may be a broad occupation: it has the programs of its parts.
paired_occupations as (
    select
        occupations.soc_vintage,
        occupations.soc_code,
        pairs.cip_vintage,
        pairs.cip_code,
        1 as way
    from occupations
    inner join pairs
        on
            occupations.soc_vintage = pairs.soc_vintage
            and not pairs.is_unmatched
            and (
                occupations.soc_code = pairs.soc_code
                or (
                    occupations.soc_code like '%0'
                    and substring(occupations.soc_code, 1, 6) = substring(pairs.soc_code, 1, 6)
                )
            )
    union all
    select
        occupations.soc_vintage,
        occupations.soc_code,
        pairs.cip_vintage,
        pairs.cip_code,
        2 as way
    from occupations
    inner join aggregates
        on
            occupations.soc_vintage = aggregates.soc_vintage
            and occupations.soc_code = aggregates.soc_code
    inner join pairs
        on
            aggregates.soc_vintage = pairs.soc_vintage
            and aggregates.part_soc_code = pairs.soc_code
            and not pairs.is_unmatched
),

nearest_pairs as (
    select
        *,
        min(way) over (partition by soc_vintage, soc_code) as nearest_way
    from paired_occupations
),

matched as (
    select
        soc_vintage,
        soc_code,
        cip_vintage,
        cip_code
    from nearest_pairs
    where way = nearest_way
    group by soc_vintage, soc_code, cip_vintage, cip_code
)

select * from matched
