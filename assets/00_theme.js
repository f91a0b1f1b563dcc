// Light or dark, decided before the first paint: load it in <head>. Buttons with data-theme-switch change it.
// No request: CSS does the rest, charts included.
(() => {
  if (window.atlasTheme) return;                                // also listed among the assets: once is enough
  const root = document.documentElement, key = 'atlas-theme';
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const preferred = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const theme = stored() ?? (preferred.matches ? 'dark' : 'light');
    root.dataset.bsTheme = theme === 'dark' ? 'dark' : 'light';
  };
  window.atlasTheme = {apply};
  apply();
  preferred.addEventListener('change', apply);
  addEventListener('storage', e => { if (e.key === key) apply(); });      // another tab switched
  document.addEventListener('click', e => {
    if (!e.target.closest?.('[data-theme-switch]')) return;
    const next = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
    root.dataset.bsTheme = next;
    try { localStorage.setItem(key, next); } catch { /* private window: the choice lives as long as the page */ }
  });
})();
