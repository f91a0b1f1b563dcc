// Links that HTML alone can't say; they go as a link of Dash's own, without a new page.
// A click on a chart's mark: [data-links] on the chart's wrapper says where each leads, by the mark's customdata, else
// its trace's legendgroup, else its x. The same links stand as text or as a control for those who can't click on it.
// Where the mark counts customers ([data-marks]), assets/selection.js offers what to do with them instead.
// a[data-set="name=value"] changes one value of the address as it is now; an empty value takes it out.
// [data-choose="name"] around a field does so too, with what is chosen in it. a[data-go] leads where its href says.
(() => {
  const go = address => {
    const path = location.pathname;
    history.pushState({}, '', address);
    dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
    if (location.pathname !== path) scrollTo(0, 0);
  };
  const set = (name, value) => {
    const query = new URLSearchParams(location.search);
    value ? query.set(name, value) : query.delete(name);
    const said = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
    if ((said ? `?${said}` : '') !== location.search) go(location.pathname + (said ? `?${said}` : ''));
  };
  const known = (links, point) => [point.customdata, point.data.legendgroup, point.x]
    .map(one => Array.isArray(one) ? one[0] : one).map(String).find(one => Object.hasOwn(links, one));
  const follow = chart => event => {
    const wrapper = chart.closest('[data-links]'), links = JSON.parse(wrapper?.dataset.links ?? '{}');
    const mark = event.points.length ? known(links, event.points[0]) : null;
    if (mark != null && !wrapper.dataset.marks) go(links[mark]);
  };

  document.addEventListener('pointerover', e => {
    const chart = e.target.closest?.('[data-links] .js-plotly-plot');
    if (!chart?.on) return;
    if (chart.atlasFollow) chart.removeListener('plotly_click', chart.atlasFollow);     // once, whatever plotly forgot
    chart.on('plotly_click', chart.atlasFollow = follow(chart));
  });
  document.addEventListener('click', e => {
    const link = e.target.closest?.('a[data-set], a[data-go]');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    if (link.dataset.set == null) return go(link.getAttribute('href'));
    set(...link.dataset.set.split('=', 2));
  });
  document.addEventListener('change', e => {
    const chosen = e.target.closest?.('[data-choose]');
    if (chosen) set(chosen.dataset.choose, e.target.value);
  });
})();
