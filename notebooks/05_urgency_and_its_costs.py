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
# To read a calm complaint early costs a minute; to read an emergency late may cost a life. The costs below say how
# much; the best threshold follows from them and from the probabilities.

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
from training.plots import BLUE, ORANGE, figure, plot_reliability
from training.starter import generate

COST_OF_LATE, COST_OF_EARLY = 50.0, 1.0  # minutes of harm, minutes of reading
ROWS = int(os.environ.get("ROWS", "5000"))
train: list[Labelled] = []
held_out: list[Labelled] = []
for row in generate(load_region("kab_bekasi"), ROWS, seed=5, noise=0.5):
    # By phrasing: variants of one on both sides would make the probabilities look better than they are.
    labelled = Labelled(Complaint(row.text), row.agency, row.urgency, group=f"phrasing {row.phrasing}")
    (train if row.phrasing % 3 else held_out).append(labelled)
model = fit_model(train, train, Params(classifier=ClassifierParams(folds=2)))

# %%
levels = [str(level) for level in model.urgency.classes_]
scores = model.score([analyse(row.complaint) for row in held_out]).urgency
probability = scores[:, [levels.index(str(level)) for level in ALARMS if str(level) in levels]].sum(axis=1)
urgent = np.array([row.urgency in ALARMS for row in held_out])
print(f"{urgent.mean():.0%} of the held-out complaints are urgent (darurat or tinggi)")
plot_reliability(reliability(probability, urgent))

# %% [markdown]
# ## What each threshold costs

# %%
thresholds = np.linspace(0.01, 0.99, 50)
late = np.array([(urgent & (probability < t)).mean() for t in thresholds])
early = np.array([(~urgent & (probability >= t)).mean() for t in thresholds])
cost = COST_OF_LATE * late + COST_OF_EARLY * early
best = thresholds[cost.argmin()]
made, axes = figure("Cost of the threshold", "urgent from this probability on", "minutes per complaint")
axes.plot(thresholds, cost, color=BLUE, label="all")
axes.plot(thresholds, COST_OF_LATE * late, "--", color=ORANGE, label="read too late")
axes.axvline(best, color="#666666", linewidth=0.8)
axes.legend(frameon=False)
made

# %%
found = (urgent & (probability >= best)).sum() / max(urgent.sum(), 1)
print(
    f"From {best:.2f} on: {found:.1%} of the urgent are read early, and {(probability >= best).mean():.0%} of all are"
)
print(f"By theory: {COST_OF_EARLY / (COST_OF_EARLY + COST_OF_LATE):.2f}, where probabilities are calibrated")
