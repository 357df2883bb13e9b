with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
),

structure as (
    select * from {{ ref('stg_crosswalks__soc_structure') }}
),

versions as (
    select * from {{ ref('bridge_soc_vintage') }}
),

wages as (
    select * from {{ ref('fct_lmi_wage') }}
),

wage_titles as (
    select * from {{ ref('stg_bls_oews__wages') }}
),

projections as (
    select * from {{ ref('int_projection__publications_united') }}
),

projection_soc_vintages as (
    select * from {{ ref('projection_soc_vintages') }}
),

soc_vintages as (
    select * from {{ ref('soc_vintages') }}
),

-- The structure goes down from major groups to occupations, so that the group above a code is the
-- last one before it.
placed_structure as (
    select
        soc_vintage,
        soc_code,
        soc_title,
        soc_level,
        case
            when soc_level != 'major'
                then
                    max(case when soc_level = 'minor' then soc_code end) over (
                        partition by load_id order by row_number
                    )
        end as soc_minor_group,
        case
            when soc_level in ('broad', 'detailed')
                then
                    max(case when soc_level = 'broad' then soc_code end) over (
                        partition by load_id order by row_number
                    )
        end as soc_broad_group,
        row_number() over (
            partition by soc_vintage, soc_code order by load_id desc
        ) as place
    from structure
),

-- A file repeats occupation and title for each of its areas.
wage_occupations as (
    select
        soc_vintage,
        soc_code,
        occupation_group,
        vintage_year,
        load_id
    from wages
    group by soc_vintage, soc_code, occupation_group, vintage_year, load_id
),

named_occupations as (
    select
        vintage_year,
        soc_code,
        soc_title,
        load_id
    from wage_titles
    group by vintage_year, soc_code, soc_title, load_id
),

-- The official structure names an occupation; then the newest wage file; crosswalks where neither
-- has it, and projections last.
listed_occupations as (
    select
        soc_vintage,
        soc_code,
        soc_title,
        soc_level,
        9999 as vintage_year
    from placed_structure
    where place = 1
    union all
    select
        wage_occupations.soc_vintage,
        wage_occupations.soc_code,
        named_occupations.soc_title,
        wage_occupations.occupation_group as soc_level,
        wage_occupations.vintage_year
    from wage_occupations
    inner join named_occupations
        on
            wage_occupations.vintage_year = named_occupations.vintage_year
            and wage_occupations.soc_code = named_occupations.soc_code
            and wage_occupations.load_id = named_occupations.load_id
    union all
    select
        soc_vintage,
        soc_code,
        soc_title,
        'detailed' as soc_level,
        0 as vintage_year
    from pairs
    where soc_code != '99-9999'
    union all
    select
        from_soc_vintage as soc_vintage,
        from_soc_code as soc_code,
        from_soc_title as soc_title,
        'detailed' as soc_level,
        0 as vintage_year
    from versions
    union all
    select
        to_soc_vintage as soc_vintage,
        to_soc_code as soc_code,
        to_soc_title as soc_title,
        'detailed' as soc_level,
        0 as vintage_year
    from versions
    union all
    select
        projection_soc_vintages.soc_vintage,
        projections.soc_code,
        projections.soc_title,
        case
            when projections.soc_code = '00-0000' then 'total'
            when projections.soc_code like '%-0000' then 'major'
            else 'detailed'
        end as soc_level,
        -1 as vintage_year
    from projections
    inner join projection_soc_vintages
        on
            projections.base_year >= projection_soc_vintages.first_year
            and projections.base_year <= projection_soc_vintages.last_year
    where projections.soc_title is not null
),

-- A code that is broad and detailed at once counts as detailed.
ranked_occupations as (
    select
        soc_vintage,
        soc_code,
        soc_title,
        soc_level,
        row_number() over (
            partition by soc_vintage, soc_code
            order by
                vintage_year desc,
                case when soc_level = 'detailed' then 0 else 1 end asc,
                soc_title asc
        ) as place
    from listed_occupations
),

occupations as (
    select
        {{ surrogate_key(['ranked_occupations.soc_vintage', 'ranked_occupations.soc_code']) }}
            as occupation_key,
        ranked_occupations.soc_code,
        ranked_occupations.soc_vintage,
        soc_vintages.valid_from,
        soc_vintages.valid_to,
        ranked_occupations.soc_title,
        ranked_occupations.soc_level,
        placed_structure.soc_broad_group,
        placed_structure.soc_minor_group,
        substring(ranked_occupations.soc_code, 1, 2) || '-0000' as soc_major_group
    from ranked_occupations
    left join placed_structure
        on
            ranked_occupations.soc_vintage = placed_structure.soc_vintage
            and ranked_occupations.soc_code = placed_structure.soc_code
            and placed_structure.place = 1
    left join soc_vintages
        on ranked_occupations.soc_vintage = soc_vintages.soc_vintage
    where ranked_occupations.place = 1
)

select * from occupations
