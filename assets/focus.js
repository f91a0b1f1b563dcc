// The drawer of controls on small screens: [data-filters="open"] opens it, [data-filters="close"], Escape and a click
// beside it close it; the focus goes in, stays in, and returns. The state stands on <html>, where React never writes.
(() => {
  const root = document.documentElement;
  const drawer = () => document.querySelector('.atlas-controls');
  const stops = () => [...drawer().querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(one => !one.disabled && one.checkVisibility());
  const isOpen = () => 'filtersOpen' in root.dataset;
  let opener = null;

  const open = button => {
    opener = button;
    root.dataset.filtersOpen = '';
    const first = () => (stops().find(one => !one.matches('.atlas-info')) ?? stops()[0])?.focus();
    drawer().addEventListener('transitionend', first, {once: true});
    first();                                                    // where nothing moves, nothing ends
  };
  const close = () => {
    delete root.dataset.filtersOpen;
    opener?.focus();
    opener = null;
  };

  document.addEventListener('click', e => {
    const action = e.target.closest?.('[data-filters]')?.dataset.filters;
    if (action === 'open' && drawer()) open(e.target.closest('[data-filters]'));
    else if (isOpen() && (action === 'close' || e.target === document.body)) close();   // the body's ::after is the shade
  });
  document.addEventListener('keydown', e => {
    if (!isOpen()) return;
    if (e.key === 'Escape') return close();
    if (e.key !== 'Tab') return;
    const all = stops(), last = all.at(-1);
    if (e.shiftKey ? document.activeElement === all[0] : document.activeElement === last) {
      e.preventDefault();
      (e.shiftKey ? last : all[0])?.focus();
    }
  });
  matchMedia('(min-width: 992px)').addEventListener('change', e => { if (e.matches && isOpen()) close(); });
  addEventListener('_dashprivate_pushstate', () => { if (isOpen()) close(); });   // a link in the drawer was followed
})();
