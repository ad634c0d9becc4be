"""The judge: the one room that makes a verdict."""

from chainrule.judge.items import judge as judge
