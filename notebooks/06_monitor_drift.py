# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 6 · Monitor drift
# Each week's complaints are compared with the profile of the training data. From the ninth week on it rains, and other
# agencies are needed. `disposisi drift FILE` prints the same; Prometheus gets it as `disposisi_drift_…`.

# %%
import datetime as dt
import os

from pipeline.drift import MAX_INDEX
from pipeline.region import load_region
from training.data import Labelled
from training.drift import drift_by_week, training_profile
from training.fit import fit_model, starter_rows
from training.params import ClassifierParams, Params, StarterParams
from training.plots import BLUE, ORANGE, RED, figure

ROWS = int(os.environ.get("ROWS", "6000"))
FLOODED = ("sdabmbk", "bpbd", "pdam", "damkar")
rows = starter_rows(load_region("kab_bekasi"), StarterParams(rows=ROWS, seed=6))
train, coming = rows[: ROWS // 2], rows[ROWS // 2 :]
model = fit_model(train, train, Params(classifier=ClassifierParams(folds=2)))
profile = training_profile(model, train, model.agency.held_out_["top1"])

# %%
calm = coming[: len(coming) * 2 // 3]
rain = [row for row in coming[len(coming) * 2 // 3 :] if row.agency in FLOODED] * 4
start, weeks = dt.datetime(2026, 6, 1), []
for kind, first, last in ((calm, 0, 8), (rain, 8, 12)):
    gap = dt.timedelta(weeks=last - first) / max(len(kind), 1)
    weeks += [
        Labelled(row.complaint, row.agency, created_at=start + dt.timedelta(weeks=first) + i * gap)
        for i, row in enumerate(kind)
    ]
found = drift_by_week(model, profile, weeks)

# %%
names = [f"{week.monday:%d %b}" for week in found]
made, axes = figure("Drift from training, week by week", "week of", "population stability index", (7.5, 4))
axes.plot(names, [week.drift.agency_index for week in found], "o-", color=BLUE, label="agencies")
axes.plot(names, [week.drift.length_index for week in found], "s--", color=ORANGE, label="lengths")
# An index that chance alone gives with so few complaints raises no alarm.
alarming = [max(MAX_INDEX, week.drift.agency_by_chance) for week in found]
axes.plot(names, alarming, color=RED, linewidth=0.8, label="alarm on agencies")
axes.tick_params(axis="x", rotation=45)
axes.legend(frameon=False)
made

# %% [markdown]
# ## What to do

# %%
for week in found:
    for alarm in week.drift.alarms:
        print(f"{week.monday}  {alarm.what} {alarm.action}")
