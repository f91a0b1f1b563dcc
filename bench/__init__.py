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
features
    Customer measures of Online Retail (541,909 lines), returns matched and labels judged, beside a pandas
    groupby of three measures without any of that. Left out where the file is not there (`TEST_DATA_DIR`).
"""
