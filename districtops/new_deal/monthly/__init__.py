"""A project's report of a month: written by officers, confirmed or returned by a manager."""
