# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 4 · What to label next
# An hour of labelling teaches the model most where it is unsure, the complaint is typical, and the agency is rare:
# uncertainty × density × rarity. `disposisi teach` writes the same list for the desk.

# %%
import os
from collections import Counter

import numpy as np

from pipeline.model import analyse
from pipeline.region import load_region
from training.active_learning import density, rank_to_label
from training.fit import fit_model, starter_rows
from training.params import ClassifierParams, Params, StarterParams
from training.plots import BLUE, ORANGE, figure

ROWS = int(os.environ.get("ROWS", "4000"))
rows = starter_rows(load_region("kab_bekasi"), StarterParams(rows=ROWS, seed=4))
labelled, undecided = rows[: ROWS // 3], rows[ROWS // 3 :]
model = fit_model(labelled, labelled, Params(classifier=ClassifierParams(folds=2)))

# %%
ranked = rank_to_label(model, [row.complaint for row in undecided], [row.agency or "" for row in labelled])
for position, value in ranked[:5]:
    print(f"{value:.4f}", undecided[position].complaint.text[:100])

# %% [markdown]
# ## Does the list favour rare agencies?

# %%
fifth = [position for position, _ in ranked[: len(ranked) // 5]]
asked = Counter(undecided[position].agency for position in fifth)
known = Counter(row.agency for row in labelled)
names = [name for name, _ in asked.most_common(15)][::-1]
made, axes = figure("The fifth that teaches most, by agency", "share (%)", "", (7, 5))
axes.barh(names, [100 * asked[name] / asked.total() for name in names], color=BLUE, label="among those to label now")
shares = [100 * known[name] / known.total() for name in names]
axes.plot(shares, names, "D", color=ORANGE, label="among those already labelled")
axes.legend(frameon=False)
made

# %% [markdown]
# ## Uncertain and typical

# %%
analyses = [analyse(row.complaint) for row in undecided]
sure = np.sort(model.score(analyses).agency, axis=1)[:, -2:]
unsure, typical = 1 - (sure[:, 1] - sure[:, 0]), density(model.features.transform(analyses))
made, axes = figure(
    "Where the list is taken from",
    "uncertainty (1 minus the margin between the first two)",
    "density (mean cosine to the others)",
)
axes.scatter(unsure, typical, s=6, color=BLUE, alpha=0.4, label="undecided")
axes.scatter(unsure[fifth], typical[fifth], s=14, color=ORANGE, marker="x", label="the fifth that teaches most")
made.legend(frameon=False, loc="outside lower center", ncols=2)
made
