"""What the children of the worker's fork server find loaded: all that reading a file or a study imports.

Imported by name, by nothing else. Without it each job would load DuckDB, Ibis and scikit-learn anew.
"""

# ruff: noqa: F401

import ibis.backends.sql.compilers.duckdb
import pandas
import pyarrow.dataset
import scipy.cluster.hierarchy
import scipy.optimize
import scipy.sparse.csgraph
import sklearn.cluster
import sklearn.ensemble
import sklearn.impute
import sklearn.metrics
import sklearn.neighbors
import sklearn.preprocessing

import core.features.sheet
import core.io.readers
import core.io.sets.appended
import core.io.sets.arrival
import core.io.sets.newer
import core.leftout
import core.pipeline
import core.quality.build
