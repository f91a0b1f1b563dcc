// The menu of a chart: button[data-chart-menu] opens the [role="menu"] beside it; arrows, Home, End, Escape and a click
// elsewhere as menus do. [data-chart-do] of an item: table opens the table below; png and svg give the picture in the
// colours of paper whatever the theme; csv gives the table with its exact numbers (data-exact on the table's details).
(() => {
  const menuOf = button => button.parentElement.querySelector('[role="menu"]');
  const itemsOf = menu => [...menu.querySelectorAll('[role="menuitem"]')];
  let opened = null;

  const close = focus => {
    if (!opened) return;
    menuOf(opened).hidden = true;
    opened.setAttribute('aria-expanded', 'false');
    if (focus) opened.focus();
    opened = null;
  };
  const open = (button, last) => {
    close(false);
    opened = button;
    menuOf(button).hidden = false;
    button.setAttribute('aria-expanded', 'true');
    itemsOf(menuOf(button)).at(last ? -1 : 0).focus();
  };

  const titleOf = card => card.querySelector('.atlas-chart-title').textContent;
  const fileOf = (card, kind) => (titleOf(card).normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
    .match(/[a-z0-9]+/g)?.join('-').slice(0, 60) || 'chart') + '.' + kind;
  const save = (name, address) => Object.assign(document.createElement('a'), {download: name, href: address}).click();
  const saveBytes = (name, blob) => {
    const address = URL.createObjectURL(blob);
    save(name, address);
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  const escaped = text => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const lines = (text, most) => text.split(' ').reduce((all, word) => {
    if (all.at(-1) && all.at(-1).length + word.length >= most) all.push('');
    all.push(`${all.pop()} ${word}`.trim());
    return all;
  }, ['']);
  const picture = async (card, format) => {
    if (!card.querySelector('.js-plotly-plot')) Plotly.drawAll();
    const graph = card.querySelector('.js-plotly-plot');
    const {width, height} = graph._fullLayout, {margin = {}, template} = graph.layout;
    const rows = lines(titleOf(card), (width - 24) / 8.5), head = 24 + 20 * rows.length;
    const top = head + (margin.t ?? template?.layout?.margin?.t ?? 12);
    const title = {text: rows.map(escaped).join('<br>'), x: 0, xref: 'container', xanchor: 'left', y: 1, yref: 'container', yanchor: 'top',
      pad: {t: 14, l: 12}, font: {size: 16}};
    const size = {width, height: height + head};
    const layout = {...graph.layout, ...size, title, margin: {...margin, t: top}, paper_bgcolor: '#fff', plot_bgcolor: '#fff'};
    return Plotly.toImage({data: graph.data, layout, config: {}}, {format, ...size, scale: format === 'png' ? 2 : 1});
  };

  const cell = value => {
    let text = value == null ? '' : String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r\n]/.test(text)) text = "'" + text;   // a spreadsheet would run it
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const listed = card => {
    const place = card.querySelector('[data-exact]'), heads = place.querySelectorAll('thead th');
    const {columns, rows} = JSON.parse(place.dataset.exact);
    const shown = row => row.filter((_, at) => !heads[at]?.hidden);               // of a table that can leave columns out
    return [columns, ...rows].map(row => shown(row).map(cell).join(',')).join('\r\n') + '\r\n';
  };

  const acts = {
    table: card => {
      const details = card.querySelector('[data-exact]');
      details.open = true;
      details.querySelector('summary').focus();
    },
    png: async card => save(fileOf(card, 'png'), await picture(card, 'png')),
    svg: async card => save(fileOf(card, 'svg'), await picture(card, 'svg')),
    csv: card => saveBytes(fileOf(card, 'csv'), new Blob([listed(card)], {type: 'text/csv;charset=utf-8'})),
  };

  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-chart-menu]');
    if (button) return button === opened ? close(true) : open(button);
    const act = acts[e.target.closest?.('[data-chart-do]')?.dataset.chartDo];
    if (act) {
      const card = e.target.closest('.atlas-card');
      close(true);
      return act(card);
    }
    close(false);
  });
  document.addEventListener('keydown', e => {
    const button = e.target.closest?.('[data-chart-menu]');
    if (!opened && button && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      return open(button, e.key === 'ArrowUp');
    }
    if (!opened) return;
    if (e.key === 'Escape') { e.stopPropagation(); return close(true); }
    if (e.key === 'Tab') return close(false);
    const all = itemsOf(menuOf(opened)), at = all.indexOf(document.activeElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1}[e.key];
    if (to === undefined) return;
    e.preventDefault();
    all.at(to % all.length).focus();
  });
})();
