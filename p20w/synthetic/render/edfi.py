"""The Ed-Fi API's resources: `SyntheticState` -> JSON records, page by page."""

from p20w.synthetic.edfi.courses import course_resources
from p20w.synthetic.edfi.demographics import demographic_resources
from p20w.synthetic.edfi.descriptors import descriptor_resources
from p20w.synthetic.edfi.organizations import organization_resources
from p20w.synthetic.edfi.records import record_resources
from p20w.synthetic.edfi.resource import Resource
from p20w.synthetic.edfi.students import student_resources
from p20w.synthetic.state import SyntheticState


def resources(state: SyntheticState) -> dict[str, Resource]:
    """Return every resource that the server offers, by name."""
    offered = [
        *descriptor_resources(),
        *organization_resources(state),
        *student_resources(state),
        *demographic_resources(state),
        *course_resources(state),
        *record_resources(state),
    ]
    return {resource.name: resource for resource in offered}
