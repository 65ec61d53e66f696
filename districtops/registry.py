"""The modules, in menu order. Adding one is adding a line here."""

from districtops import contest_funds, new_deal, playgrounds
from districtops.module import Module

MODULES: tuple[Module, ...] = (new_deal.module, contest_funds.module, playgrounds.module)
