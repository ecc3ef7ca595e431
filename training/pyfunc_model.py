"""The model as MLflow serves it: a table of texts in, a table of agencies and urgencies out.

MLflow runs this file to make the model ("models from code"), so only files in the folder's manifest are unpickled.
"""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd

from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import EmptyComplaintError
from pipeline.router import Router


class SuggestingModel(mlflow.pyfunc.PythonModel):  # type: ignore[name-defined,misc]
    """Answers with the champion's own :class:`pipeline.Router`."""

    def load_context(self, context: Any) -> None:
        """Load the model's folder."""
        self.router = Router.load(context.artifacts["model"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        """Return for each text the agency, its probability, the urgency and the decision; nothing if it has no letters.

        That includes a table's empty cells, which must not be answered like the word "nan".
        """
        complaints = [_complaint(text) for text in model_input["text"]]
        found = iter(self.router.suggest_many([one for one in complaints if one]))
        rows = [_answer(next(found)) if one else dict.fromkeys(_COLUMNS) for one in complaints]
        answers = pd.DataFrame(rows, columns=_COLUMNS)
        # JSON has no NaN, which a column of numbers would contain for missing values.
        return answers if all(complaints) else answers.astype(object).where(answers.notna(), None)


_COLUMNS = ["agency", "probability", "urgency", "decision", "model"]


def _complaint(text: Any) -> Complaint | None:
    try:
        return Complaint(text)
    except (EmptyComplaintError, TypeError):
        return None


def _answer(suggestion: Suggestion) -> dict[str, Any]:
    first = suggestion.agencies[0]
    told = (first.code, first.probability, str(suggestion.urgency.level), str(suggestion.decision), suggestion.model)
    return dict(zip(_COLUMNS, told, strict=True))


mlflow.models.set_model(SuggestingModel())
