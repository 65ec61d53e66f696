"""The modules, in menu order. Adding one is adding a line here."""

from districtops import new_deal
from districtops.module import Module

MODULES: tuple[Module, ...] = (new_deal.module,)
