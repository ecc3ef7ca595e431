# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 5 · Urgency and its costs
# Reading a calm complaint early costs a minute; reading an emergency late may cost a life. The costs below put numbers
# on both. The best threshold follows from them and from the probabilities.

# %%
import os

import numpy as np

from pipeline.complaint import ALARMS, Complaint
from pipeline.model import analyse
from pipeline.region import load_region
from training.curves import reliability
from training.data import Labelled
from training.fit import fit_model
from training.params import ClassifierParams, Params
from training.plots import BLUE, GREY, ORANGE, figure, plot_reliability
from training.starter import generate

COST_OF_LATE, COST_OF_EARLY = 50.0, 1.0  # minutes of harm, minutes of reading
ROWS = int(os.environ.get("ROWS", "5000"))
composed = list(generate(load_region("kab_bekasi"), ROWS, seed=5, noise=0.5))
# Split by phrasing: variants of one on both sides would make the probabilities look better than they are.
held_out = [row for row in composed if row.phrasing % 3 == 0]
train = [
    Labelled(Complaint(row.text), row.agency, row.urgency, group=f"phrasing {row.phrasing}")
    for row in composed
    if row.phrasing % 3
]
model = fit_model(train, train, Params(classifier=ClassifierParams(folds=2)))

# %%
levels = [str(level) for level in model.urgency.classes_]
scores = model.score([analyse(row.text) for row in held_out]).urgency
probability = scores[:, [levels.index(str(level)) for level in ALARMS if str(level) in levels]].sum(axis=1)
urgent = np.array([row.urgency in ALARMS for row in held_out])
print(f"{urgent.mean():.0%} of the held-out complaints are urgent (darurat or tinggi)")
made = plot_reliability(reliability(probability, urgent))
made.axes[0].set(xlabel="predicted probability of being urgent", ylabel="share that was urgent")
made.axes[0].set_title("Of those given 80 %, are 80 % urgent?", loc="left", fontweight="bold")
made

# %% [markdown]
# ## What each threshold costs
# The threshold is chosen on half of the phrasings and measured on the other half; on the first it looks better than it
# is.

# %%
choosing = np.array([row.phrasing % 2 == 0 for row in held_out])
asked, answered = urgent[choosing], probability[choosing]
thresholds = np.linspace(0.01, 0.99, 50)
late = np.array([(asked & (answered < t)).mean() for t in thresholds])
early = np.array([(~asked & (answered >= t)).mean() for t in thresholds])
cost = COST_OF_LATE * late + COST_OF_EARLY * early
best = thresholds[cost.argmin()]
made, axes = figure("Cost of the threshold", "urgent from this probability on", "minutes per complaint")
axes.plot(thresholds, cost, color=BLUE, label="all")
axes.plot(thresholds, COST_OF_LATE * late, "--", color=ORANGE, label="read too late")
axes.axvline(best, color=GREY, linewidth=0.8, label=f"lowest cost, at {best:.2f}")
axes.legend(frameon=False)
made

# %%
found = probability[~choosing] >= best
print(
    f"On the other half: {found[urgent[~choosing]].mean():.1%} of the urgent are read early, {found.mean():.0%} of all"
)
print(f"With calibrated probabilities it would be {COST_OF_EARLY / (COST_OF_EARLY + COST_OF_LATE):.2f}")
