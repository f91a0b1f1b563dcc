// [data-print] prints the page. Before that every chart is drawn anew for A4, where theme.css sets two cards beside each
// other: a fifth wider than it will be, so that its type comes out at 7.4 points. A view box lets it shrink with its card
// on any paper instead of being cut. Afterwards charts are as before. Folded charts are not on paper and stay as they are.
(() => {
  const WHOLE = 820, HALF = 388, LOW = 320;
  const WIDE = '.atlas-wide-card, .atlas-card:has(.atlas-told), .atlas-grid:has(.atlas-dropzone) > *';
  const sizes = new Map();                                                  // chart -> what its layout said of its size
  const halved = chart => chart.closest('.atlas-grid') && !chart.closest(WIDE);
  const tall = chart => chart.closest('.atlas-chart.atlas-tall');
  const onPaper = chart => {
    const {width, height, autosize = true} = chart.layout;
    if (!sizes.has(chart)) sizes.set(chart, {width: width ?? null, height: height ?? null, autosize});
    const half = halved(chart), full = chart._fullLayout.height;
    Plotly.relayout(chart, {width: half ? HALF : WHOLE, height: half && !tall(chart) ? Math.min(full, LOW) : full});
    const drawn = chart._fullLayout;
    chart.style.setProperty('--ratio', `${drawn.width} / ${drawn.height}`);
    chart.style.setProperty('--widest', `${drawn.width}px`);
    for (const svg of chart.querySelectorAll('.main-svg')) svg.setAttribute('viewBox', `0 0 ${drawn.width} ${drawn.height}`);
  };
  const onScreen = (size, chart) => {
    for (const svg of chart.querySelectorAll('.main-svg')) svg.removeAttribute('viewBox');
    if (chart.isConnected) Plotly.relayout(chart, size);
  };

  document.addEventListener('click', e => {
    if (!e.target.closest?.('[data-print]')) return;
    e.target.closest('details')?.removeAttribute('open');
    print();
  });
  addEventListener('beforeprint', () => {
    window.Plotly?.drawAll();
    const charts = [...document.querySelectorAll('.js-plotly-plot')];
    charts.filter(chart => chart._fullLayout && !chart.closest('details:not([open])')).forEach(onPaper);
  });
  addEventListener('afterprint', () => {
    sizes.forEach(onScreen);
    sizes.clear();
  });
})();
