// Lists of customers: the cell that opens a customer, rows that open as their link does, the search that asks the
// server anew, the columns and the order that are chosen beside the grid. Rows come from the server (webapp/grid.py).
(() => {
  const GRID = 'customers-grid';
  const api = () => dash_ag_grid.getApi(GRID);
  const made = (name, props, ...children) => React.createElement(name, props, ...children);

  const AtlasCustomer = ({data, value, second}) => {
    if (!data) return made('span', {className: 'atlas-list-waiting'}, '…');
    const href = `/customers/${data._key}${location.search}`;
    const line = second.filter(one => data[one.slug] != null)
      .map(one => made('span', {key: one.slug}, made('small', null, one.label), ' ', data[one.slug]));
    return made('a', {href, className: 'atlas-list-link', tabIndex: -1, 'data-go': ''},
      made('span', {className: 'atlas-list-id'}, value), made('span', {className: 'atlas-list-second'}, ...line));
  };
  window.dashAgGridComponentFunctions = Object.assign({}, window.dashAgGridComponentFunctions, {AtlasCustomer});

  window.dash_clientside = Object.assign({}, window.dash_clientside, {customers: {
    again: () => {
      try {
        api().purgeInfiniteCache();
        api().ensureIndexVisible(0);
      } catch { /* the grid is not there yet, or was never shown: its first request takes the text along */ }
      return dash_clientside.no_update;
    },
  }});

  const open = row => row && document.querySelector(
    `#${GRID} [row-index="${row.getAttribute('row-index')}"] a.atlas-list-link`)?.click();
  document.addEventListener('click', e => {
    const column = e.target.closest?.('.atlas-list [data-column]');
    if (column) {
      const on = column.getAttribute('aria-pressed') !== 'true';
      column.setAttribute('aria-pressed', on);
      api().setColumnsVisible([column.dataset.column], on);
      return;
    }
    const menu = document.querySelector('.atlas-list-columns[open]');
    if (menu && !menu.contains(e.target)) menu.open = false;
    if (!e.target.closest?.('a') && !String(getSelection())) open(e.target.closest?.(`#${GRID} .ag-row`));
  });
  document.addEventListener('keydown', e => {
    if (e.key === 'Enter' && e.target.matches?.(`#${GRID} .ag-cell`)) open(e.target.closest('.ag-row'));
    if (e.key === 'Escape') document.querySelector('.atlas-list-columns[open]')?.removeAttribute('open');
  });
  document.addEventListener('change', e => {
    const select = e.target.closest?.('.atlas-list-sort select');
    if (!select) return;
    const [colId, sort] = select.value.split(' ');
    api().applyColumnState({state: [{colId, sort}], defaultState: {sort: null}});
  });
})();
