"""All defects, each under a name of its own."""

from defects import districts, lists, modules, people, storing

DEFECTS = (*districts.DEFECTS, *people.DEFECTS, *storing.DEFECTS, *lists.DEFECTS, *modules.DEFECTS)
