with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
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

crosswalk_occupations as (
    select
        soc_vintage,
        soc_code,
        soc_title,
        0 as vintage_year
    from pairs
    where soc_code != '99-9999'
),

wage_occupations as (
    select
        wages.soc_vintage,
        wages.soc_code,
        wage_titles.soc_title,
        wages.vintage_year
    from wages
    inner join wage_titles
        on
            wages.vintage_year = wage_titles.vintage_year
            and wages.soc_code = wage_titles.soc_code
            and wages.load_id = wage_titles.load_id
),

projection_occupations as (
    select
        projection_soc_vintages.soc_vintage,
        projections.soc_code,
        projections.soc_title,
        -1 as vintage_year
    from projections
    inner join projection_soc_vintages
        on
            projections.base_year >= projection_soc_vintages.first_year
            and projections.base_year <= projection_soc_vintages.last_year
    where projections.soc_title is not null
),

listed_occupations as (
    select * from crosswalk_occupations
    union all
    select * from projection_occupations
    union all
    select * from wage_occupations
),

-- The newest wage file names the occupation; where none does the crosswalk, then projections.
ranked_occupations as (
    select
        soc_vintage,
        soc_code,
        soc_title,
        row_number() over (
            partition by soc_vintage, soc_code
            order by vintage_year desc, soc_title asc
        ) as place
    from listed_occupations
),

occupations as (
    select
        {{ surrogate_key(['soc_vintage', 'soc_code']) }} as occupation_key,
        soc_code,
        soc_vintage,
        soc_title,
        substring(soc_code, 1, 2) || '-0000' as soc_major_group
    from ranked_occupations
    where place = 1
)

select * from occupations
