"""Everything that was simulated, as columns: the tables and the truth are both made of it."""

from dataclasses import dataclass

from p20w.synthetic.clearinghouse import Awards, Links, Terms
from p20w.synthetic.columns import Ints
from p20w.synthetic.coursework import Attempts, Catalog
from p20w.synthetic.demographics import Demographics
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import People
from p20w.synthetic.schooling import Diplomas, Spans


@dataclass(frozen=True, slots=True)
class World:
    """The simulated state; `accountable` holds rows of `spans`, one per student and school year."""

    organizations: Organizations
    people: People
    demographics: Demographics
    spans: Spans
    diplomas: Diplomas
    accountable: Ints
    catalog: Catalog
    attempts: Attempts
    links: Links
    terms: Terms
    awards: Awards
