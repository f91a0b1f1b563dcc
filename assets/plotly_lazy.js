// A chart is drawn when it comes near the part of the page that is seen: a page has many, and each takes the browser's
// time. `Plotly.drawAll` draws the rest, for paper and pictures (assets/chart_menu.js). The library is put on `window` by
// its own script, later than this one.
(() => {
  const waiting = new Map();                                                // chart -> how to draw it, who waits for it
  const draw = chart => {
    const one = waiting.get(chart);
    waiting.delete(chart);
    near.unobserve(chart);
    one?.give(one.draw());
  };
  const near = new IntersectionObserver(
    entries => entries.filter(entry => entry.isIntersecting).forEach(entry => draw(entry.target)), {rootMargin: '400px'});
  const lazy = plotly => {
    const {react} = plotly, {resize} = plotly.Plots;
    plotly.react = (chart, ...what) => {
      if (chart._fullLayout) return react(chart, ...what);
      for (const other of waiting.keys()) if (!other.isConnected) waiting.delete(other);      // its view is gone
      return new Promise(give => {
        const before = waiting.get(chart);
        const all = drawn => { before?.give(drawn); give(drawn); };
        waiting.set(chart, {draw: () => react(chart, ...what), give: all});
        near.observe(chart);
      });
    };
    plotly.drawAll = () => [...waiting.keys()].forEach(draw);
    plotly.Plots.resize = chart => waiting.has(chart) ? Promise.resolve(chart) : resize(chart);
    return plotly;
  };
  let library;
  Object.defineProperty(window, 'Plotly', {configurable: true, get: () => library, set: one => { library = lazy(one); }});
})();
