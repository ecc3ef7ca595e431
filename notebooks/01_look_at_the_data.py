# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 1 · Look at the data
# What complaints look like before anything is trained: how many per agency, how long, how urgent.
# Set the environment variables `DATA` to your own file (CSV, Excel, JSON Lines, Parquet) and `REGION` to your region's
# folder, with their full paths: Jupyter runs a notebook in its own folder. Without a file, the notebook looks at the
# starter corpus. Columns are found by their usual names; name others in `Columns`.

# %%
import os
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from matplotlib.ticker import LogFormatter

from pipeline.batch import Columns
from pipeline.region import load_region
from pipeline.urgency import LEVELS
from training.data import read_labelled
from training.duplicates import text_key, without_repeats
from training.plots import BLUE, ORANGE, figure
from training.starter import generate, write_corpus

REGION = load_region(os.environ.get("REGION", "kab_bekasi"))
COLUMNS = Columns()  # Columns(text="Uraian", agency="Bidang", date="Masuk", urgency="Tingkat")
if named := os.environ.get("DATA"):
    DATA = Path(named)
else:
    DATA = Path(mkdtemp()) / "starter.parquet"
    write_corpus(DATA, generate(REGION, int(os.environ.get("ROWS", "4000")), seed=1, noise=0.5))
data = read_labelled([DATA], REGION, COLUMNS)
data.check_agencies([DATA])
print(f"{len(data.rows):,} complaints, {len(data.bad):,} rows that could not be used")
lack = {what: sum(not getattr(row, what) for row in data.rows) for what in ("agency", "created_at", "urgency")}
print(f"{lack['agency']:,} name no agency, {lack['created_at']:,} have no date, {lack['urgency']:,} no urgency")
print(f"{len(data.rows) - len(without_repeats(data.rows)):,} have the text, address and agency of another")
Counter(row.reason for row in data.bad).most_common(5)

# %% [markdown]
# ## Agencies
# In real data a few agencies get most complaints. An agency with fewer than about 30 is learnt mostly from the starter
# corpus.

# %%
agencies = Counter(row.agency for row in data.rows if row.agency)
print(f"{sum(count < 30 for count in agencies.values())} of {len(agencies)} agencies have fewer than 30 complaints")
names, counts = zip(*reversed(agencies.most_common(20)), strict=True)
made, axes = figure("The busiest agencies", "complaints", "", (7, 5))
axes.barh(names, counts, color=BLUE)
made

# %% [markdown]
# ## Length and urgency

# %%
lengths = np.array([len(row.complaint.text) for row in data.rows])
made, axes = figure("How long people write", "characters", "complaints")
axes.hist(lengths, bins=np.geomspace(max(lengths.min(), 1), lengths.max() + 1, 30), color=BLUE)
axes.set_xscale("log")
axes.xaxis.set_major_formatter("{x:,.0f}")
axes.xaxis.set_minor_formatter(LogFormatter(minor_thresholds=(1, 0.4)))  # numbers, not powers, where all are alike
made

# %%
levels = Counter(row.urgency for row in data.rows)
made, axes = figure("Urgency", "", "complaints", (5, 3))
axes.bar([str(level) for level in LEVELS], [levels[level] for level in LEVELS], color=ORANGE)
axes.set_ylim(bottom=0)
made

# %% [markdown]
# ## Same text, different agency
# The same text sent to different agencies shows how far people agree. No model can do better than that.

# %%
decided: dict[str, set[str]] = {}
for row in data.rows:
    if row.agency:
        decided.setdefault(text_key(row), set()).add(row.agency)
print(f"Texts with more than one agency: {sum(len(labels) > 1 for labels in decided.values()):,} of {len(decided):,}")
