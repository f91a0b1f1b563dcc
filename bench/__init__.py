"""What the product reaches, measured: `make bench`, or `python -m bench SUITE …` for some of it.

One table comes out, a line a figure:

- **ours** is this product, **peer** the plain way to the same thing, measured in the same run, **ratio** ours
  to peer. A slow or busy machine slows both: compare ratios across machines, never milliseconds.
- Times are medians over **runs** unless the line's name says otherwise.
- Nothing here passes or fails: tests hold what must hold. Figures in the docs come from this command.

The suites
----------
agreement
    How well the segments found with every default agree with those planted in the demo's generator (adjusted
    Rand index, 1 is the same grouping), over 20 seeds of it. No peer: the plant is the truth.
pages
    Server time of a page of which everything is cached: opened by a link (the router's callback
    builds controls and view), and after Back (the page's own callback). The peer is a Dash app whose one
    callback returns a word: below that no such page can go.
start
    From starting the server to its first answer and to the first page with figures, on a machine where
    everything is installed, and the memory of all its processes.
first_load
    What a headless Chromium with an empty cache loads over the wire, compressed, for a first page: scripts,
    styles, fonts and figures together.
large_pages
    The pages over 1,000,000 generated customers × 20, through the app and its worker: processor seconds of
    the web process to make a view whose results are kept; server time of a view that is kept, the median of
    15, beside the Dash app of `pages`; and how much is sent, compressed by gzip.
reading
    From a file to a stored table: 1,500,000 log lines as CSV beside `pandas.read_csv` alone, and 100,000 rows
    of a workbook beside python-calamine alone; each run in a process of its own, CPU seconds and peak memory
    of that process, the least of three runs. CSV counts from the start of the process, imports too, on both
    sides; the workbook after the imports, as in a job, whose process has them.
features
    Customer measures of Online Retail (541,909 lines), returns matched and labels judged, beside a pandas
    groupby of three measures without any of that. Left out where the file is not there (`TEST_DATA_DIR`).
    Then a generated log of 10 million lines and 780,000 customers, in processes of their own: nine measures
    alone, and the whole customer sheet, both beside a pandas groupby of the nine. `BENCH_LINES=100000000`
    adds a log of so many lines with an engine limit of 1 GB (minutes, and 14 bytes of disk a line).
quality
    The quality report of 1,000,000 customers × 30 columns and of 1,500,000 log lines, generated: CPU seconds
    of the process, the least of three runs. The peer is pandas: `describe`, empty and distinct values,
    repeated rows; without money, limits, histograms, returns or unusual combinations.
eda
    What every chart of every tab of EDA is drawn from, of 1,000,000 generated customers × 20: CPU seconds,
    the least of three runs. The peer is ydata-profiling's minimal report of 100,000 of these
    customers in an environment of its own (made once, as yellowbrick's), its CPU seconds times ten. Then the
    first view as a web process makes it: the sheet read from the cache, its charts added up, drawn, written.
export
    1,000,000 generated customers × 20 columns, and who is unusual, as CSV, from a mapped file like those that
    lists are read from: CPU seconds, the least of three runs, beside pandas' `to_csv` of the same table in
    memory; what streaming adds to the process' own memory, and to what is resident with pages of the mapped
    file, the most of three runs.
report
    The report and the notebook of a study of 1,000,000 generated customers × 20, in a process of their own:
    CPU seconds after the imports, beside those of the study, and their sizes.
clustering_kmeans
    K-Means of 2 to 12 of 1,000,000 customers × 12, generated with six segments in them, with elbow, sampled
    silhouettes and both other criteria, beside scikit-learn's KMeans with one start and none of these; of
    100,000 beside ten starts; of 10,000 beside yellowbrick's elbow with exact silhouettes, in an environment
    that is made once in the user's cache folder and left out where pip can't; one fit of 6 with ten starts on
    both sides. Wall and CPU seconds after the imports, peak memory of a process, the least of three runs, and
    the sums of squared distances. Then one pass over all customers beside its products of matrices at the
    speed of large square ones, and how many labelings several processors and threads make of one link.
profiles
    What Profiles shows after a fit of 1,000,000 generated customers × 20 in six segments: their profile, how
    they differ, what separates them, a plain rule each, the RFM rules beside them, how clear they are. CPU
    seconds after the imports of a process each, the least of two runs; together beside the limit of five
    seconds. Peers: pandas' `describe` of the 15 numbers by segment, without intervals or tests, and the
    permutation importance of scikit-learn's forest on 40,000 of the customers. Then the change over 30 days,
    which only logs have, of a log of 10,000,000 lines: it takes the customer sheet of that day, beside
    pandas' groupby of nine measures.
lists
    A page of 100 rows of a list of 5,000,000 generated customers × 20, as a browser asks the grid's callback
    for it: the first, sorted by a number, at row 4,000,000, sorted by a word, searched, filtered and sorted.
    Each request is another one. Milliseconds from request to answer, the median of seven; the peers, pandas
    (`sort_values` of one column, then the rows) and DuckDB (`order by … limit … offset`), hold the same
    customers in memory, the least of three. Then the most memory beside the mapped file.
study
    A whole study of 1,000,000 customers × 12 with every default, from the stored table to the profiles: wall
    and CPU seconds after the imports and peak memory of a process; beside the CPU seconds those that must be
    left for it before it is begun.
clustering_tree
    Family trees of 10,000, 30,000 and 1,000,000 customers × 12, generated with six segments in them: wall and
    CPU seconds after the imports and peak memory of a process, the least of three runs. The peer is
    scikit-learn's AgglomerativeClustering, which holds all distances, of 10,000. Then how well the answer by
    small groups agrees with the exact one (adjusted Rand index) on 20,000, well apart and overlapping, beside
    how well the exact answer for half of the customers does.
clustering_mixture
    Gaussian mixtures of 2 to 8 components of 1,000,000 customers × 12, generated with six segments of unlike
    shapes in them, fitted to 50,000, every customer labelled: wall and CPU seconds after the imports, peak
    memory of a process, agreement with the plant (adjusted Rand index), and the number with the lowest BIC;
    the least of three runs. The peer is scikit-learn's GaussianMixture, full covariances, on as many, with
    the same floor and one start by K-Means each.
clustering_dense
    Dense groups of generated customers with six segments in them: wall and CPU seconds after the imports and
    peak memory of a process, the least of three runs. The peer is scikit-learn's DBSCAN, which holds all
    neighbours, of 100,000 customers × 2 and × 6 with the same reach: the one that is proposed, and × 2 also
    that at the curve's knee. Then DBSCAN of 1,000,000 × 6, exact, its peer that of 100,000; of 1,000,000 × 12
    along the main directions, and in all columns on a sample; and HDBSCAN of as many, with the agreement with
    the plant (adjusted Rand index).
"""
