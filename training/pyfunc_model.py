"""The model as MLflow serves it: a table of texts in, a table of agencies and urgencies out.

MLflow runs this file to make the model ("models from code"), so nothing is pickled but what the folder's manifest
vouches for.
"""

from __future__ import annotations

from typing import Any

import mlflow
import pandas as pd

from pipeline.complaint import Complaint
from pipeline.router import Router


class SuggestingModel(mlflow.pyfunc.PythonModel):  # type: ignore[name-defined,misc]
    """Answers with the champion's own :class:`pipeline.Router`."""

    def load_context(self, context: Any) -> None:
        """Load the model's folder."""
        self.router = Router.load(context.artifacts["model"])

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:  # noqa: ARG002
        """Return for each text the agency, its probability, the urgency and what to do."""
        found = self.router.suggest_many([Complaint(str(text)) for text in model_input["text"]])
        return pd.DataFrame(
            {
                "agency": [suggestion.agencies[0].code for suggestion in found],
                "probability": [float(suggestion.agencies[0].probability) for suggestion in found],
                "urgency": [str(suggestion.urgency.level) for suggestion in found],
                "decision": [str(suggestion.decision) for suggestion in found],
                "model": [suggestion.model for suggestion in found],
            }
        )


mlflow.models.set_model(SuggestingModel())
