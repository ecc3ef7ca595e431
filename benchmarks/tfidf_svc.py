"""The baseline: what a careful scikit-learn user would build."""

from __future__ import annotations

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC


def tfidf_svc() -> Pipeline:
    """Return TF-IDF of word n-grams (1 to 2) and character n-grams in words (2 to 5), with a linear SVM."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(make_union(words, letters), LinearSVC(C=0.5))
