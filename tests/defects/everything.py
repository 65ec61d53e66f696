"""All defects, each under a name of its own."""

from defects import districts, lists, people, storing

DEFECTS = (*districts.DEFECTS, *people.DEFECTS, *storing.DEFECTS, *lists.DEFECTS)
