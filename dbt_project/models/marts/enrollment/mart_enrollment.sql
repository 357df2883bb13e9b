with spans as (
    select * from {{ ref('fct_enrollment_span') }}
),

memberships as (
    select * from {{ ref('bridge_student_demographic_group') }}
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

members as (
    select
        student_key,
        school_year,
        organization_code,
        grade_level
    from spans
    where is_accountable
),

-- Schools publish grades; districts and above publish groups as well: few tables, not the cube.
school_grades as (
    select
        school_year,
        organization_code,
        grade_level,
        count(*) as member_count
    from members
    group by school_year, organization_code, grade_level
),

grade_rows as (
    select
        school_grades.school_year,
        ancestors.ancestor_organization_code as organization_code,
        school_grades.grade_level,
        'All' as demographic_factor,
        'All' as demographic_group,
        sum(school_grades.member_count) as member_count
    from school_grades
    inner join ancestors
        on school_grades.organization_code = ancestors.organization_code
    group by
        school_grades.school_year,
        ancestors.ancestor_organization_code,
        school_grades.grade_level
),

total_rows as (
    select
        school_year,
        organization_code,
        'All' as grade_level,
        'All' as demographic_factor,
        'All' as demographic_group,
        sum(member_count) as member_count
    from grade_rows
    group by school_year, organization_code
),

school_groups as (
    select
        members.school_year,
        members.organization_code,
        memberships.demographic_factor,
        memberships.demographic_group,
        count(*) as member_count
    from members
    inner join memberships
        on members.student_key = memberships.student_key
    where memberships.demographic_factor <> 'All'
    group by
        members.school_year,
        members.organization_code,
        memberships.demographic_factor,
        memberships.demographic_group
),

counted_groups as (
    select
        school_groups.school_year,
        ancestors.ancestor_organization_code as organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group,
        sum(school_groups.member_count) as member_count
    from school_groups
    inner join ancestors
        on school_groups.organization_code = ancestors.organization_code
    where ancestors.ancestor_level <> 'school'
    group by
        school_groups.school_year,
        ancestors.ancestor_organization_code,
        school_groups.demographic_factor,
        school_groups.demographic_group
),

-- A group without members is a zero, not a missing row.
group_rows as (
    select
        total_rows.school_year,
        total_rows.organization_code,
        'All' as grade_level,
        demographic_groups.demographic_factor,
        demographic_groups.demographic_group,
        coalesce(counted_groups.member_count, 0) as member_count
    from total_rows
    inner join organizations
        on
            total_rows.organization_code = organizations.organization_code
            and organizations.organization_level <> 'school'
    cross join demographic_groups
    left join counted_groups
        on
            total_rows.school_year = counted_groups.school_year
            and total_rows.organization_code = counted_groups.organization_code
            and demographic_groups.demographic_factor = counted_groups.demographic_factor
            and demographic_groups.demographic_group = counted_groups.demographic_group
    where demographic_groups.demographic_factor <> 'All'
),

all_rows as (
    select * from total_rows
    union all
    select * from grade_rows
    union all
    select * from group_rows
),

enrollment as (
    select
        all_rows.school_year,
        organizations.organization_level,
        all_rows.organization_code,
        organizations.parent_organization_code,
        organizations.organization_name,
        all_rows.grade_level,
        all_rows.demographic_factor,
        all_rows.demographic_group,
        snapshot.data_view,
        snapshot.as_of_date,
        cast(all_rows.member_count as integer) as member_count,
        'reported' as member_count_status
    from all_rows
    inner join organizations
        on all_rows.organization_code = organizations.organization_code
    cross join snapshot
)

select * from enrollment
