with student_years as (
    select * from {{ ref('fct_student_year') }}
),

cte_statuses as (
    select * from {{ ref('fct_cte_status') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

student_flags as (
    select
        student_key,
        school_year,
        max(case when is_participant then 1 else 0 end) as participant_count,
        max(case when is_concentrator then 1 else 0 end) as concentrator_count
    from cte_statuses
    group by student_key, school_year
),

-- Districts that do not report career and technical education have members, but no participants
-- that we know of: missing, not zero.
members as (
    select
        student_years.school_year,
        student_years.organization_code,
        student_years.sex,
        student_years.race_ethnicity,
        student_years.economic_status,
        student_years.disability_status,
        student_years.english_learner_status,
        1 as member_count,
        case
            when organizations.has_cte_program then coalesce(student_flags.participant_count, 0)
        end as participant_count,
        case
            when organizations.has_cte_program then coalesce(student_flags.concentrator_count, 0)
        end as concentrator_count
    from student_years
    inner join organizations
        on student_years.organization_code = organizations.organization_code
    left join student_flags
        on
            student_years.student_key = student_flags.student_key
            and student_years.school_year = student_flags.school_year
    where student_years.grade_band = '9-12'
),

group_counts as (
    {{ by_demographic_group(
        'members', ['school_year', 'organization_code'],
        ['member_count', 'participant_count', 'concentrator_count']
    ) }}
),

pathway_counts as (
    select
        student_years.school_year,
        student_years.organization_code,
        cte_statuses.pathway_code,
        sum(case when cte_statuses.is_participant then 1 else 0 end) as participant_count,
        sum(case when cte_statuses.is_concentrator then 1 else 0 end) as concentrator_count
    from cte_statuses
    inner join student_years
        on
            cte_statuses.student_key = student_years.student_key
            and cte_statuses.school_year = student_years.school_year
    inner join organizations
        on
            student_years.organization_code = organizations.organization_code
            and organizations.has_cte_program
    group by
        student_years.school_year,
        student_years.organization_code,
        cte_statuses.pathway_code
),

counted as (
    select
        school_year,
        organization_code,
        'All' as pathway_code,
        demographic_factor,
        demographic_group,
        cast(member_count as integer) as member_count,
        cast(participant_count as integer) as participant_count,
        cast(concentrator_count as integer) as concentrator_count
    from group_counts
    union all
    select
        school_year,
        organization_code,
        pathway_code,
        'All' as demographic_factor,
        'All' as demographic_group,
        cast(null as integer) as member_count,
        cast(participant_count as integer) as participant_count,
        cast(concentrator_count as integer) as concentrator_count
    from pathway_counts
)

select * from counted
