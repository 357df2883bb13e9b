with student_years as (
    select * from {{ ref('fct_student_year') }}
),

demographic_groups as (
    select * from {{ ref('dim_demographic_group') }}
),

ancestors as (
    select * from {{ ref('bridge_organization_ancestor') }}
),

members as (
    select
        student_years.school_year,
        student_years.grade_band,
        student_years.sex,
        student_years.race_ethnicity,
        student_years.economic_status,
        student_years.disability_status,
        student_years.english_learner_status,
        ancestors.ancestor_organization_code as organization_code,
        1 as member_count
    from student_years
    inner join ancestors
        on
            student_years.organization_code = ancestors.organization_code
            and ancestors.ancestor_level = 'state'
),

band_groups as (
    {{ by_demographic_group(
        'members', ['school_year', 'organization_code', 'grade_band'], ['member_count']
    ) }}
),

-- A group without members is a zero, not a missing row.
counted as (
    select
        bands.school_year,
        bands.organization_code,
        bands.grade_band,
        demographic_groups.demographic_factor,
        demographic_groups.demographic_group,
        cast(coalesce(band_groups.member_count, 0) as integer) as member_count
    from band_groups as bands
    cross join demographic_groups
    left join band_groups
        on
            bands.school_year = band_groups.school_year
            and bands.organization_code = band_groups.organization_code
            and bands.grade_band = band_groups.grade_band
            and demographic_groups.demographic_factor = band_groups.demographic_factor
            and demographic_groups.demographic_group = band_groups.demographic_group
    where bands.demographic_factor = 'All' and demographic_groups.demographic_factor != 'All'
)

select * from counted
