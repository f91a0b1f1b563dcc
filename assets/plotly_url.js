// The charts' library: a "strict" build of the traces that we draw (tools/plotly). Dash's own compiles WebGL code at
// run time, which the page's policy (no unsafe-eval) forbids, and a scattergl then says "WebGL is not supported". Dash
// loads the library with the first chart from _dashPlotlyJSURL and sets that itself: hence a name that cannot be set.
(() => {
  const url = new URL('plotly-atlas.min.js?v=4.1.1', document.currentScript.src).href;
  Object.defineProperty(window, '_dashPlotlyJSURL', {get: () => url, set: () => {}});
})();
