"""The same explanation by shap's own explainers."""
