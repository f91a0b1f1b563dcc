// A strip of charts on a small screen: one is in view, .atlas-strip-nav button[data-strip] says which; a swipe moves on.
(() => {
  const stripOf = one => one.closest?.('.atlas-strip');
  const gridOf = strip => strip?.querySelector('.atlas-grid');
  const mark = strip => {
    const grid = gridOf(strip), at = Math.round(grid.scrollLeft / Math.max(grid.clientWidth, 1));
    strip.querySelectorAll('[data-strip]').forEach((button, i) => button.setAttribute('aria-pressed', i === at));
  };
  document.addEventListener('click', e => {
    const button = e.target.closest?.('[data-strip]'), grid = button && gridOf(stripOf(button));
    if (!grid) return;
    const card = grid.children[Number(button.dataset.strip)];
    grid.scrollTo({left: card.offsetLeft - grid.children[0].offsetLeft, behavior: 'smooth'});
  });
  document.addEventListener('scroll', e => {
    const strip = e.target.matches?.('.atlas-strip > .atlas-grid') && stripOf(e.target);
    if (strip) mark(strip);
  }, true);
})();
