# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # 2 · Train and compare
# A champion trained on the older data, a challenger trained on all of it, and the gate between them, on complaints that
# neither has seen. A quarter of the phrasings is held out whole: variants of one phrasing on both sides would promise
# more than new complaints keep. For the same reason they form one group in the folds that probabilities are fitted to.

# %%
import datetime as dt
import os

from matplotlib.ticker import MaxNLocator

from pipeline.complaint import Complaint
from pipeline.region import load_region
from training.compare import Contender, compare
from training.data import Labelled
from training.fit import fit_model
from training.params import ClassifierParams, GateParams, Params
from training.plots import BLUE, GREY, ORANGE, figure
from training.starter import generate

ROWS = int(os.environ.get("ROWS", "6000"))
START = dt.datetime(2026, 1, 1)
composed = sorted(generate(load_region("kab_bekasi"), ROWS, seed=2, noise=0.5), key=lambda row: row.phrasing % 4 == 0)
rows = [
    Labelled(
        Complaint(row.text),
        row.agency,
        row.urgency,
        group=f"phrasing {row.phrasing}",
        created_at=START + dt.timedelta(hours=number),
    )
    for number, row in enumerate(composed)
]
seen = sum(row.phrasing % 4 > 0 for row in composed)
old, new, held_out = rows[: seen // 2], rows[:seen], rows[seen:]

# %%
params = Params(classifier=ClassifierParams(folds=2))
champion = Contender("old", fit_model(old, old, params))
challenger = Contender("new", fit_model(new, new, params))
found = compare(champion, challenger, held_out, GateParams(max_slower=10))
print(
    f"top-1 {found.top1.champion:.3f} to {found.top1.challenger:.3f}, change {found.top1.change}, p {found.top1.told_p}"
)

# %% [markdown]
# ## What the gate says
# `disposisi promote` applies the same rules; their limits are in `params.yaml` under `gate`.

# %%
for finding in found.verdict.findings:
    print("✓" if finding.passed else "✗", finding.text)

# %% [markdown]
# ## Who wins and who loses

# %%
shown = sorted(found.agencies, key=lambda group: group.top1.won - group.top1.lost)
shown = [*shown[:5], *shown[-10:]]
made, axes = figure("Complaints won and lost per agency", "complaints", "", (7, 5))
axes.barh([g.name for g in shown], [g.top1.won for g in shown], color=BLUE, label="won")
axes.barh([g.name for g in shown], [-g.top1.lost for g in shown], color=ORANGE, label="lost")
axes.axvline(0, color=GREY)
axes.xaxis.set_major_locator(MaxNLocator(integer=True))
axes.xaxis.set_major_formatter(lambda count, _: f"{abs(count):g}")
axes.legend(frameon=False, loc="lower right")  # the agencies with most losses are at the bottom
made

# %% [markdown]
# ## A week of dispatching

# %%
week = found.week
print(f"{week.complaints:.0f} complaints a week. First suggestion right: {week.first[0]:.0f} → {week.first[1]:.0f};")
print(
    f"agency to be searched for: {week.search[0]:.0f} → {week.search[1]:.0f}; {week.different:.0f} suggestions differ"
)
