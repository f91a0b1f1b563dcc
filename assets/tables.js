// The table under a chart is built when it is opened: most stay closed, and each cell that is a component of Dash's
// costs the browser time with every change of the page. [data-table] says columns, what their (i) says, rows, and where rows lead.
(() => {
  const built = new WeakMap();
  const made = (tag, attributes, ...children) => {
    const one = Object.assign(document.createElement(tag), attributes);
    one.append(...children);
    return one;
  };
  const info = text => {
    if (!text) return [];
    const button = made('button', {type: 'button', className: 'atlas-info', title: text}, made('i', {className: 'bi bi-info-circle'}));
    button.setAttribute('aria-label', text);
    button.firstChild.setAttribute('aria-hidden', 'true');
    return [button];
  };
  const build = place => {
    const said = place.dataset.table;
    if (built.get(place) === said) return;
    built.set(place, said);
    const {columns, rows, opens, more, terms = {}} = JSON.parse(said);
    const head = columns.map(([text, kind, key]) => made('th', {scope: 'col', className: kind}, text, ...info(terms[key])));
    const body = rows.map((row, at) => made('tr', {}, ...row.map((text, column) => {
      if (column) {
        const cell = made('td', {className: columns[column][1]}, text);
        cell.dataset.label = columns[column][0];
        return cell;
      }
      const link = opens[at] && made('a', {href: opens[at]}, text);
      if (link) link.dataset.go = '';
      return made('th', {scope: 'row'}, link || text);
    })));
    const table = made('table', {className: 'atlas-table'}, made('thead', {}, made('tr', {}, ...head)), made('tbody', {}, ...body));
    place.replaceChildren(table, ...(more ? [made('p', {className: 'atlas-scope'}, more)] : []));
  };
  const open = details => details?.open && details.querySelectorAll(':scope > [data-table]').forEach(build);
  document.addEventListener('toggle', event => event.target.matches?.('details') && open(event.target), true);
  const atOnce = () => document.querySelectorAll('[data-table][data-now]').forEach(build);     // not folded: built as it comes
  new MutationObserver(changes => {
    changes.forEach(({type, target}) => type === 'attributes' && open(target.closest('details')));
    atOnce();
  }).observe(document.documentElement, {subtree: true, childList: true, attributeFilter: ['data-table']});
})();
