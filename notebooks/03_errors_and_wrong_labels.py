# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 3 · Errors and wrong labels
# Some errors are wrong labels. cleanlab puts first the labels that a model which hasn't seen them believes least. Read
# these and correct them at the desk; they come back as decisions. Here 5 % of the labels are flipped on purpose, so
# that the list can be checked.

# %%
import os
from dataclasses import replace

import numpy as np

from pipeline.complaint import Complaint
from pipeline.model import analyse
from pipeline.region import load_region
from training.data import Labelled
from training.fit import fit_model
from training.params import ClassifierParams, Params
from training.plots import BLUE, GREY, figure
from training.starter import generate
from training.suspects import rank_suspects

params = Params(classifier=ClassifierParams(folds=2))
rng = np.random.default_rng(0)
made = generate(load_region("kab_bekasi"), int(os.environ.get("ROWS", "4000")), seed=3, noise=0.3)
# Variants of one phrasing stay on one side of a fold; on both sides they would vouch for each other.
rows = [Labelled(Complaint(row.text), row.agency, row.urgency, group=f"phrasing {row.phrasing}") for row in made]
agencies = sorted({row.agency or "" for row in rows})
flipped = set(rng.permutation(len(rows))[: len(rows) // 20].tolist())
others = [[agency for agency in agencies if agency != row.agency] for row in rows]
rows = [replace(row, agency=str(rng.choice(others[i]))) if i in flipped else row for i, row in enumerate(rows)]

# %%
suspects = rank_suspects(rows, params, folds=3)
found = np.cumsum([suspect.position in flipped for suspect in suspects]) / len(flipped)
read = np.arange(1, len(found) + 1) / len(found)
print(f"{np.interp(0.1, read, found):.0%} of the flipped labels are among the first 10 % of the list")
drawn, axes = figure("Wrong labels found by reading the list", "share of the list read", "share of them found")
axes.plot(read, found, color=BLUE, label="in the list's order")
axes.plot([0, 1], [0, 1], ":", color=GREY, label="in any order")
axes.legend(frameon=False, loc="lower right")
drawn

# %% [markdown]
# ## The first suspects, with the model's reasons
# These are starter complaints. Never keep citizens' complaints in a notebook's output.

# %%
model = fit_model(rows, rows, params)
codes = [str(code) for code in model.agency.classes_]
for suspect in suspects[:5]:
    analysis = analyse(rows[suspect.position].complaint)
    shares = model.explain_agency(analysis, codes.index(suspect.likely)).tokens
    words = [analysis.tokens[i].normal for i in np.argsort(-np.asarray(shares))[:3]]
    print(f"labelled {suspect.given}, likely {suspect.likely}, because of {', '.join(words)}")
    print("  ", rows[suspect.position].complaint.text[:110])
