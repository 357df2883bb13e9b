with student_years as (
    select * from {{ ref('fct_student_year') }}
),

demographic_groups as (
    select * from {{ ref('dim_demographic_group') }}
),

ancestors as (
    select * from {{ ref('bridge_organization_ancestor') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

-- The pathway mart has the state's groups of grades 9-12: what these leave of a group is a group
-- too, and must be a cell.
band_groups as (
    select * from {{ ref('int_enrollment__band_groups_counted') }}
),

members as (
    select
        school_year,
        organization_code,
        grade_level,
        grade_band,
        sex,
        race_ethnicity,
        economic_status,
        disability_status,
        english_learner_status,
        count(*) as member_count
    from student_years
    group by
        school_year,
        organization_code,
        grade_level,
        grade_band,
        sex,
        race_ethnicity,
        economic_status,
        disability_status,
        english_learner_status
),

school_grades as (
    select
        school_year,
        organization_code,
        grade_level,
        case when grade_band = 'UN' then 'All' else grade_band end as parent_grade_level,
        sum(member_count) as member_count
    from members
    group by school_year, organization_code, grade_level, grade_band
),

school_bands as (
    select
        school_year,
        organization_code,
        grade_band as grade_level,
        'All' as parent_grade_level,
        sum(member_count) as member_count
    from members
    where grade_band != 'UN'
    group by school_year, organization_code, grade_band
),

school_totals as (
    select
        school_year,
        organization_code,
        'All' as grade_level,
        cast(null as text) as parent_grade_level,
        sum(member_count) as member_count
    from members
    group by school_year, organization_code
),

school_rows as (
    select * from school_grades
    union all
    select * from school_bands
    union all
    select * from school_totals
),

grade_rows as (
    select
        school_rows.school_year,
        ancestors.ancestor_organization_code as organization_code,
        school_rows.grade_level,
        school_rows.parent_grade_level,
        'All' as demographic_factor,
        'All' as demographic_group,
        sum(school_rows.member_count) as member_count
    from school_rows
    inner join ancestors
        on school_rows.organization_code = ancestors.organization_code
    group by
        school_rows.school_year,
        ancestors.ancestor_organization_code,
        school_rows.grade_level,
        school_rows.parent_grade_level
),

school_groups as (
    {{ by_demographic_group(
        'members', ['school_year', 'organization_code'], ['member_count'], with_total=false
    ) }}
),

-- Schools publish grades, districts and above groups as well: few tables, never the cube.
counted_groups as (
    select
        school_groups.school_year,
        ancestors.ancestor_organization_code as organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group,
        sum(school_groups.member_count) as member_count
    from school_groups
    inner join ancestors
        on
            school_groups.organization_code = ancestors.organization_code
            and ancestors.ancestor_level != 'school'
    group by
        school_groups.school_year,
        ancestors.ancestor_organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group
),

-- A group without members is a zero, not a missing row.
group_rows as (
    select
        grade_rows.school_year,
        grade_rows.organization_code,
        grade_rows.grade_level,
        grade_rows.parent_grade_level,
        demographic_groups.demographic_factor,
        demographic_groups.demographic_group,
        coalesce(counted_groups.member_count, 0) as member_count
    from grade_rows
    inner join organizations
        on
            grade_rows.organization_code = organizations.organization_code
            and organizations.organization_level != 'school'
    cross join demographic_groups
    left join counted_groups
        on
            grade_rows.school_year = counted_groups.school_year
            and grade_rows.organization_code = counted_groups.organization_code
            and demographic_groups.demographic_factor = counted_groups.demographic_factor
            and demographic_groups.demographic_group = counted_groups.demographic_group
    where
        grade_rows.grade_level = 'All'
        and demographic_groups.demographic_factor != 'All'
),

all_rows as (
    select * from grade_rows
    union all
    select * from group_rows
    union all
    select
        school_year,
        organization_code,
        grade_band as grade_level,
        'All' as parent_grade_level,
        demographic_factor,
        demographic_group,
        member_count
    from band_groups
),

enrollment as (
    select
        all_rows.school_year,
        organizations.organization_level,
        all_rows.organization_code,
        organizations.parent_organization_code,
        organizations.organization_name,
        organizations.region_scheme,
        all_rows.grade_level,
        all_rows.parent_grade_level,
        all_rows.demographic_factor,
        all_rows.demographic_group,
        snapshot.snapshot_id,
        snapshot.data_view,
        snapshot.as_of_date,
        snapshot.is_provisional,
        'students enrolled at least one day in the school year' as denominator_definition,
        -- No dated rule decides who is enrolled: nothing of ours breaks the series.
        cast(null as text) as break_reason,
        true as is_comparable_to_prior,
        true as is_additive,
        cast(all_rows.member_count as integer) as member_count,
        'reported' as member_count_status
    from all_rows
    inner join organizations
        on all_rows.organization_code = organizations.organization_code
    cross join snapshot
)

select * from enrollment
